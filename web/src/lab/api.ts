/** What the lab asks the server: the draft, runs and submissions, and the library's names. */

import { at, get, post, put, remove, ApiError } from '$lib/api/client';
import type { Draft as ServerDraft, SubmissionCard, SubmissionKind, Unit } from '$lib/api/types';

import type { Answer } from './editor/draft';
import type { LibraryName } from './editor/names';
import type { Grade } from './run/frames';

/** One version of a learner's work: a run or a submission with its text. */
export interface Submission extends SubmissionCard {
  code: string;
  grade?: Grade | null;
  position?: number | null;
  xray?: boolean;
}

export interface Accepted {
  id: string;
  position?: number | null;
}

export const unit = (course: string, name: string) => get<Unit>(at`/api/courses/${course}/units/${name}`);

export const versions = (course: string, name: string) =>
  get<SubmissionCard[]>(at`/api/courses/${course}/units/${name}/versions`);

export const submission = (id: string) => get<Submission>(at`/api/submissions/${id}`);

export const start = (
  course: string,
  name: string,
  asked: { code: string; kind: SubmissionKind; xray: boolean },
) => post<Accepted>(at`/api/courses/${course}/units/${name}/submissions`, asked);

export const stop = (id: string) => remove(at`/api/submissions/${id}`);

export const eventsUrl = (id: string) => at`/api/submissions/${id}/events`;

export const completions = () => get<LibraryName[]>('/api/completions');

/** Browsers let requests of up to 64 KiB outlive the page; a sign takes at most three bytes. */
const LONGEST_LEAVING = 20_000;

/** Saves a state of the draft, and says what came of it in the draft's own terms. */
export async function saveDraft(
  course: string,
  name: string,
  code: string,
  revision: number,
): Promise<Answer> {
  try {
    const path = at`/api/courses/${course}/units/${name}/draft`;
    const saved = await put<{ revision: number }>(
      path,
      { code, revision },
      { keepalive: code.length < LONGEST_LEAVING },
    );
    return { kind: 'saved', revision: saved.revision };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const newer = error.status === 409 ? newerDraft(error.body) : null;
    if (newer) return { kind: 'conflict', newer };
    const lasting =
      error.status >= 400 && error.status < 500 && ![401, 408, 409, 425, 429].includes(error.status);
    return lasting ? { kind: 'refused', code: error.code } : { kind: 'unreachable' };
  }
}

/** Finds the newer draft in the answer to a conflict: the whole of it, or its field. */
function newerDraft(body: unknown): ServerDraft | null {
  for (const candidate of [body, (body as { draft?: unknown } | null)?.draft]) {
    const draft = candidate as Partial<ServerDraft> | null | undefined;
    if (typeof draft?.code === 'string' && typeof draft.revision === 'number') {
      return { code: draft.code, revision: draft.revision };
    }
  }
  return null;
}
