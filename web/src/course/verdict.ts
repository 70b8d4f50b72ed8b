/** What is shown of a run or a submission in a word. */

import type { SubmissionCard } from '$lib/api/types';

import { t } from '../i18n';

export type Kind = 'good' | 'warn' | 'bad' | 'accent' | 'plain';

export function verdict(of: Pick<SubmissionCard, 'state' | 'status' | 'kind'>): { kind: Kind; text: string } {
  if (of.state === 'queued' || of.state === 'running') return { kind: 'accent', text: t().state[of.state] };
  if (of.state === 'failed') return { kind: 'bad', text: t().state.failed };
  if (of.state === 'stopped' || of.status === null) return { kind: 'plain', text: t().state[of.state] };
  const text = t().status[of.status];
  if (of.status === 'pass') return { kind: 'good', text };
  return { kind: of.status === 'not_gradable' ? 'plain' : 'warn', text };
}
