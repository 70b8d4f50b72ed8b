/**
 * The frames of a run, as the server sends them: one JSON object in each server-sent event.
 *
 * JSON has no NaN and no infinity, and a loss that became NaN is what a learner most needs to see;
 * such numbers come as words, and `toNumber` reads them.
 */

/** A number, or one of the three that JSON cannot write. */
export type Numeric = number | 'NaN' | 'Infinity' | '-Infinity';

/** A text in both languages. */
export interface Text {
  zh: string;
  en: string;
}

export function toNumber(value: Numeric | null | undefined): number {
  return typeof value === 'number' ? value : Number(value ?? NaN);
}

export type Phase =
  'queued' | 'starting' | 'running' | 'grading' | 'done' | 'stopped' | 'failed' | 'restarted';

/** The phases after which nothing more comes. */
export const FINAL_PHASES: ReadonlySet<Phase> = new Set<Phase>(['done', 'stopped', 'failed']);

export interface PhaseFrame {
  type: 'phase';
  phase: Phase;
  position?: number | null;
  at?: number;
}

export interface OutputFrame {
  type: 'output';
  stream: 'stdout' | 'stderr';
  text: string;
}

export interface EventsFrame {
  type: 'events';
  events: RunEvent[];
}

export type Outcome = 'finished' | 'raised' | 'timed_out' | 'out_of_memory' | 'output_limit' | 'killed';

export interface Exception {
  class: string;
  message: string;
  line?: number | null;
  traceback?: string;
}

export interface Resources {
  wall_seconds: number;
  cpu_seconds: number;
  peak_memory_bytes: number;
}

export interface ReportFrame {
  type: 'report';
  outcome: Outcome;
  exception?: Exception | null;
  resources?: Resources | null;
}

export interface GradeFrame {
  type: 'grade';
  grade: Grade;
}

/** There was more than the server keeps of one run. */
export interface LeftOutFrame {
  type: 'left_out';
}

export type Frame = PhaseFrame | OutputFrame | EventsFrame | ReportFrame | GradeFrame | LeftOutFrame;

export type GradeStatus = 'pass' | 'fail' | 'error' | 'timeout' | 'not_gradable';

export interface Grade {
  version: number;
  status: GradeStatus;
  score: number;
  max_score: number;
  tests: CheckGrade[];
  mistakes: Mistake[];
  message: Text | null;
}

export interface CheckGrade {
  id: string;
  skill_ids: string[];
  title: Text;
  status: GradeStatus;
  points: number;
  max_points: number;
  message: Text;
  observed: Text | null;
  line: number | null;
  hints: Text[];
}

export interface Mistake {
  kind: string;
  message: Text;
  line: number | null;
}

interface EventColumns {
  step: number;
  name: string;
  time: Numeric;
}

export interface ScalarEvent extends EventColumns {
  event: 'scalar';
  value: Numeric;
}

/** An optimiser's step: `name` is its class, `value` its learning rate. */
export interface StepEvent extends EventColumns {
  event: 'step';
  value: Numeric;
}

/** A figure, drawn by the host. */
export interface FigureEvent extends EventColumns {
  event: 'figure';
  svg: string;
}

export interface GraphEvent extends EventColumns {
  event: 'graph';
  value: GraphValue;
}

export interface HistogramEvent extends EventColumns {
  event: 'histogram';
  value: HistogramValue;
}

export interface ExhibitEvent extends EventColumns {
  event: 'exhibit';
  value: ExhibitValue;
}

export type RunEvent = ScalarEvent | StepEvent | FigureEvent | GraphEvent | HistogramEvent | ExhibitEvent;

/** What is in a tensor, in a few numbers. */
export interface Summary {
  min: Numeric;
  max: Numeric;
  mean: Numeric;
  std: Numeric;
  /** The share of zeros, 0 to 1. */
  zeros: number;
  /** How many are NaN or infinite; they are left out of the rest. */
  not_finite: number;
}

export interface GraphNode {
  id: number;
  /** What it computes; `parameter` where nothing is computed. */
  op: string;
  /** The module that the op ran in, dotted; empty outside all modules. */
  module: string;
  /** The name of a parameter, as far as it has one. */
  name: string;
  shape: number[];
  value: Summary | null;
  gradient: Summary | null;
  forward_ms: Numeric;
  backward_ms: Numeric;
  /** What the output takes. */
  bytes: number;
}

export interface GraphValue {
  nodes: GraphNode[];
  edges: [number, number][];
  /** Whether nodes were left out because there are too many. */
  truncated: boolean;
}

export interface Bins {
  low: Numeric;
  high: Numeric;
  counts: number[];
}

export interface HistogramValue {
  shape: number[];
  value: Bins;
  gradient: Bins | null;
  norm: Numeric;
  /** 0 without a gradient. */
  gradient_norm: Numeric;
}

export interface Grid {
  h: number;
  w: number;
  values: Numeric[];
}

/** What every exhibit has. */
interface Titled {
  title?: Text;
}

export interface DecisionBoundary extends Titled {
  kind: 'decision_boundary';
  x: [number, number];
  y: [number, number];
  nx: number;
  ny: number;
  /** Probabilities, a row of x after the other, from the lowest y up. */
  z: Numeric[];
  points: [number, number, number][];
  x_label?: string;
  y_label?: string;
}

export interface Axis {
  name: string;
  lo: number;
  hi: number;
  n: number;
}

export interface LossSurface extends Titled {
  kind: 'loss_surface';
  x: Axis;
  y: Axis;
  z: Numeric[];
  /** Where the descent was, and its loss there. */
  path: [Numeric, Numeric, Numeric][];
}

export interface Filters extends Titled {
  kind: 'filters';
  name: string;
  /** out, in, height, width. */
  shape: [number, number, number, number];
  values: Numeric[];
}

export interface FeatureMaps extends Titled {
  kind: 'feature_maps';
  name: string;
  input: Grid;
  maps: { c: number; h: number; w: number; values: Numeric[] };
}

export interface Confusion extends Titled {
  kind: 'confusion';
  labels: (string | number)[];
  /** A row for each truth, a column for each prediction. */
  counts: number[][];
  worst: WorstMistake[];
}

export interface WorstMistake {
  truth: string | number;
  predicted: string | number;
  probability: number;
  image?: Grid | null;
}

export type ExhibitValue = DecisionBoundary | LossSurface | Filters | FeatureMaps | Confusion;
