/**
 * The lab at work: the text, its draft, the run that is shown, and the versions. The page's components show it and ask
 * it to act; what a run or a draft does is in plain files of their own.
 */

import { ApiError } from '$lib/api/client';
import type { SubmissionCard, SubmissionKind, Unit } from '$lib/api/types';

import * as api from './api';
import { Draft, type Status } from './editor/draft';
import type { Frame, Phase } from './run/frames';
import { Run } from './run/run';
import { follow, type Connection } from './run/server-events';

/** What is in the editor: the learner's answer, or a program of the lesson to play with. */
export type File = 'answer' | 'program';

/** What a learner can do to the text, once the editor is there. */
export interface EditorHandle {
  /** Shows a file; each keeps its own history. */
  open(file: File): void;
  /** Returns the text that is shown. */
  text(): string;
  /** Puts another text in place of this one, as one step that can be undone. */
  replace(text: string): void;
  undo(): void;
  goTo(line: number): void;
  focus(): void;
}

export type View = 'run' | 'verdict' | 'model' | 'xray' | 'versions';
/** What a narrow screen shows. */
export type Pane = 'task' | 'code' | 'results';

export class Workbench {
  /** Grows whenever the shown run has changed; whoever shows a part of the run reads it. */
  tick = $state(0);
  run = $state.raw<Run | null>(null);
  connection = $state<Connection>('closed');
  /** Whether a run was asked for that the server has not accepted yet. */
  starting = $state(false);
  failure = $state.raw<unknown>(null);
  versions = $state.raw<SubmissionCard[] | null>(null);
  versionsFailure = $state.raw<unknown>(null);
  saveStatus = $state<Status>('saved');
  view = $state<View>('run');
  pane = $state<Pane>('task');
  /** Whether the results take the editor's room as well. */
  tall = $state(false);
  /** The text that a restore, a reset or a decision put away, while it can be taken back at once. */
  undoable = $state<'reset' | 'restore' | null>(null);
  /** The text as it is, for what compares with it. */
  code = $state.raw('');

  file = $state<File>('answer');

  readonly draft: Draft;
  private editor: EditorHandle | null = null;
  private following: AbortController | null = null;
  private pending = false;
  private chosenSince = false;

  constructor(
    readonly course: string,
    readonly unit: Unit,
    account: string,
    /** A program of the lesson, to be changed and run beside the answer. */
    readonly program: string | null = null,
  ) {
    const lab = unit.lab;
    if (!lab) throw new Error('the unit has no lab');
    this.draft = Draft.open(
      {
        key: `lyceum.draft.${account}.${course}.${unit.id}`,
        put: (code, revision) => api.saveDraft(course, unit.id, code, revision),
        onStatus: (status) => (this.saveStatus = status),
        ...(typeof localStorage === 'undefined' ? {} : { storage: localStorage }),
      },
      lab.draft ?? { code: lab.starter, revision: 0 },
    );
    this.saveStatus = this.draft.status;
    this.code = this.draft.code;
    if (program !== null) this.file = 'program';
  }

  get starter(): string {
    return this.unit.lab?.starter ?? '';
  }

  /** Whether something runs or waits to. */
  get busy(): boolean {
    void this.tick;
    return this.starting || (this.run !== null && !this.run.over);
  }

  get phase(): Phase | null {
    void this.tick;
    return this.run?.phase ?? null;
  }

  attach(editor: EditorHandle): void {
    this.editor = editor;
  }

  openFile(file: File): void {
    this.file = file;
    this.editor?.open(file);
  }

  /** Takes the text as it was typed. A program of the lesson is not kept. */
  typed(code: string): void {
    if (this.file === 'program') return;
    this.code = code;
    this.undoable = null;
    this.draft.change(code);
  }

  goTo(line: number): void {
    this.pane = 'code';
    this.tall = false;
    // The editor may have been hidden until now.
    requestAnimationFrame(() => this.editor?.goTo(line));
  }

  choose(view: View): void {
    this.view = view;
    this.chosenSince = true;
  }

  /** Finds what ran last: it may be running still. */
  async resume(): Promise<void> {
    await this.loadVersions();
    const newest = this.versions?.[0];
    if (!newest || this.run || this.starting) return;
    try {
      const found = await api.submission(newest.id);
      if (this.run || this.starting) return;
      const run = new Run(found.id, found.kind, found.code, found.xray ?? false);
      if (found.grade) run.grade = found.grade;
      const live = found.state === 'queued' || found.state === 'running';
      this.show(run, live);
      if (found.kind === 'submit' && found.state === 'done') this.view = 'verdict';
      this.chosenSince = !live;
    } catch (error) {
      // Without its last run the lab works as well; the list of versions has said what is wrong.
      this.versionsFailure = error;
    }
  }

  async start(kind: SubmissionKind, xray = false): Promise<void> {
    if (this.busy) return;
    if (kind === 'submit') this.openFile('answer');
    const code = this.editor?.text() ?? (this.file === 'program' ? (this.program ?? '') : this.code);
    this.starting = true;
    this.failure = null;
    this.chosenSince = false;
    void this.draft.flush();
    try {
      const accepted = await api.start(this.course, this.unit.id, { code, kind, xray });
      const run = new Run(accepted.id, kind, code, xray);
      run.position = accepted.position ?? null;
      this.view = 'run';
      this.pane = 'results';
      this.show(run);
    } catch (error) {
      this.failure = error;
    } finally {
      this.starting = false;
    }
  }

  async stop(): Promise<void> {
    if (!this.run || this.run.over) return;
    try {
      await api.stop(this.run.id);
    } catch (error) {
      // It may have ended by itself in the meantime.
      if (!(error instanceof ApiError && [404, 409].includes(error.status))) this.failure = error;
    }
  }

  async loadVersions(): Promise<void> {
    try {
      const list = await api.versions(this.course, this.unit.id);
      this.versions = [...list].sort((a, b) => b.created - a.created);
      this.versionsFailure = null;
    } catch (error) {
      this.versionsFailure = error;
    }
  }

  /** Returns the newest version that passed. */
  get lastPassing(): SubmissionCard | null {
    return this.versions?.find((version) => version.status === 'pass') ?? null;
  }

  /** Puts another text into the editor; the one before can be had back. */
  replace(code: string, why: 'reset' | 'restore'): void {
    this.openFile('answer');
    if (code === (this.editor?.text() ?? this.code)) return;
    if (this.editor) this.editor.replace(code);
    else this.typed(code);
    this.undoable = why;
  }

  undo(): void {
    this.editor?.undo();
    this.undoable = null;
    this.editor?.focus();
  }

  async keepMine(): Promise<void> {
    await this.draft.keepMine();
  }

  async takeTheirs(): Promise<void> {
    await this.draft.takeTheirs();
    const code = this.draft.code;
    this.openFile('answer');
    this.editor?.replace(code);
    this.code = code;
  }

  close(): void {
    this.following?.abort();
    void this.draft.flush();
    this.draft.close();
  }

  private show(run: Run, live = true): void {
    this.following?.abort();
    const following = new AbortController();
    this.following = following;
    this.run = run;
    this.tick += 1;
    void follow({
      url: api.eventsUrl(run.id),
      signal: following.signal,
      onConnection: (connection) => {
        if (!following.signal.aborted) this.connection = connection;
      },
      onFrame: (frame) => {
        const over = run.apply(frame as Frame);
        this.changed();
        if (over && live) this.ended(run);
        return over;
      },
    });
  }

  private ended(run: Run): void {
    if (run.kind === 'submit' && run.grade && !this.chosenSince) this.view = 'verdict';
    void this.loadVersions();
  }

  /** Shows changes a few times a second, however many frames come. */
  private changed(): void {
    if (this.pending) return;
    this.pending = true;
    setTimeout(() => {
      this.pending = false;
      this.tick += 1;
    }, 80);
  }
}
