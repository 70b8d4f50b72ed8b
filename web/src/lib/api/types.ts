/** What the server's answers look like. */

import type { Text } from '../i18n/language.svelte';

export type { Text };

export type Role = 'learner' | 'instructor' | 'operator';
export type Level = 'know' | 'apply' | 'analyse';

/** Someone who learns, teaches or operates. */
export interface Account {
  id: string;
  name: string;
  display: string;
  role: Role;
  language: 'zh' | 'en';
  created: number;
  /** Since when it cannot log in. */
  disabled: number | null;
}

export interface Session {
  account: Account | null;
  setup_needed: boolean;
  version: string;
}

export interface CourseCard {
  id: string;
  title: Text;
  summary: Text;
  units: number;
}

export interface Skill {
  id: string;
  title: Text;
  requires: string[];
  know: Text;
  apply: Text;
  analyse: Text;
}

/** How far a learner is in a unit. */
export interface UnitProgress {
  opened: boolean;
  answered: number;
  question_points: number;
  question_max: number;
  best_score: number | null;
  max_score: number | null;
  passed_at: number | null;
  attempts: number;
  /** When anything was done in it last. */
  active: number | null;
}

export interface UnitCard {
  id: string;
  title: Text;
  summary: Text;
  requires: string[];
  minutes: number;
  teaches: { skill: string; level: Level }[];
  has_lab: boolean;
  questions: number;
  progress: UnitProgress;
}

export interface Course {
  id: string;
  title: Text;
  summary: Text;
  skills: Skill[];
  units: UnitCard[];
  /** The level that each skill was shown at; skills without one were not shown yet. */
  skill_levels: Record<string, Level>;
}

export interface HtmlBlock {
  block: 'html';
  html: string;
}

export interface ProgramBlock {
  block: 'program';
  text: string;
  run: boolean;
  /** What it printed; absent until it was made. */
  output?: string | null;
  /** What it drew, as SVG. */
  figures?: string[] | null;
}

export interface QuestionBlock {
  block: 'question';
  id: string;
  /** HTML. */
  ask: string;
  answer: { kind: 'choice'; options: string[] } | { kind: 'number' } | { kind: 'text' };
  points: number;
  skills: string[];
}

export type Block = HtmlBlock | ProgramBlock | QuestionBlock;

export interface Section {
  /** Empty for what stands before the first heading. */
  id: string;
  /** HTML. */
  heading: string;
  level: number;
  blocks: Block[];
}

export interface Lesson {
  /** HTML. */
  title: string;
  sections: Section[];
}

export interface Answer {
  given: string;
  right: boolean;
  explain: Text;
  points: number;
  max: number;
  tries: number;
}

export interface Draft {
  code: string;
  revision: number;
}

export interface CheckCard {
  id: string;
  title: Text;
  points: number;
  skills: string[];
}

export interface Lab {
  starter: string;
  checks: CheckCard[];
  resources: { cpu_seconds: number; memory_mib: number };
  draft: Draft | null;
  best: { submission: string; score: number; max: number; passed: boolean } | null;
}

export interface UnitLink {
  id: string;
  title: Text;
}

export interface Unit {
  id: string;
  title: Text;
  summary: Text;
  requires: string[];
  minutes: number;
  teaches: { skill: string; level: Level }[];
  lessons: { zh: Lesson; en: Lesson };
  lab: Lab | null;
  answers: Record<string, Answer>;
  progress: UnitProgress;
  previous: UnitLink | null;
  next: UnitLink | null;
  /** Whether what programs print and draw is still being made. */
  output_missing: boolean;
}

export type SubmissionKind = 'run' | 'submit';
export type SubmissionState = 'queued' | 'running' | 'done' | 'stopped' | 'failed';
export type GradeStatus = 'pass' | 'fail' | 'error' | 'timeout' | 'not_gradable';

/** A run or a submission, without its code. */
export interface SubmissionCard {
  id: string;
  course: string;
  unit: string;
  kind: SubmissionKind;
  state: SubmissionState;
  status: GradeStatus | null;
  score: number | null;
  max: number | null;
  created: number;
  ended: number | null;
}

/** What the one who was invited may know. */
export interface InvitationFor {
  role: Role;
  cohort: string | null;
  expires: number;
}

export interface Invitation {
  id: string;
  role: Role;
  cohort: string | null;
  uses: number;
  used: number;
  expires: number;
  created: number;
  /** Since when it lets nobody in. */
  revoked: number | null;
}

export interface NewInvitation {
  role: Role;
  cohort: string | null;
  uses: number;
  days: number;
}

/** Learners that are taught together. */
export interface Cohort {
  id: string;
  name: string;
  members: number;
  created: number;
}

export interface Member {
  account: Account;
  since: number;
}

export interface WholeCohort extends Cohort {
  learners: Member[];
}

/** Where a learner is, by unit; those that were not opened are absent. */
export interface LearnerRow {
  account: Account;
  units: Record<string, UnitProgress>;
}

/** How often a check is not passed. */
export interface CheckRate {
  unit: string;
  check: string;
  title: Text | null;
  learners: number;
  not_passed: number;
  attempts: number;
  failures: number;
}

/** Someone who tried and does not get on. */
export interface Stuck {
  account: Account;
  unit: string;
  failures: number;
  active: number;
  progress: UnitProgress;
}

export interface Learner {
  account: Account;
  courses: { course: string; units: Record<string, UnitProgress>; skill_levels: Record<string, Level> }[];
  submissions: SubmissionCard[];
}

/** A submission with all that belongs to it. */
export interface Submission extends SubmissionCard {
  code: string;
  grade: Grade | null;
}

export interface Grade {
  status: GradeStatus;
  score: number;
  max_score: number;
  tests: TestGrade[];
  message: Text | null;
}

export interface TestGrade {
  id: string;
  title: Text;
  status: GradeStatus;
  points: number;
  max_points: number;
  /** Texts with backticks around what is code. */
  message: Text;
  observed: Text | null;
  line: number | null;
}

/** What is wrong with a course's files. */
export interface Problem {
  file: string;
  line: number;
  message: string;
}

/** How the server is. */
export interface Status {
  version: string;
  uptime_seconds: number;
  queue: { waiting: number; room: number; workers: number; running: { submission: string; seconds: number }[] };
  resources: { memory_bytes: number; cpu_seconds: number; cores: number; load: number[]; followers: number };
  database: { kind: string; version: string; schema: number; bytes: number };
  sandbox: { whole: boolean; landlock: number; seccomp: boolean; own_user: boolean; missing: string[] };
  courses: { id: string; units: number; problems: number }[];
  page: boolean;
}

export interface AuditEntry {
  id: string;
  at: number;
  actor: string | null;
  actor_name: string | null;
  action: string;
  subject: string | null;
  subject_name: string | null;
  detail: unknown;
  request: string | null;
}
