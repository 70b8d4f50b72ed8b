/**
 * The state of one run: frames go in, and everything that the page shows of it comes out.
 *
 * It is a plain object that changes, without any knowledge of the page; whoever shows it counts `revision`.
 */

import {
  FINAL_PHASES,
  toNumber,
  type Exception,
  type ExhibitValue,
  type Frame,
  type Grade,
  type GraphValue,
  type HistogramValue,
  type Outcome,
  type Phase,
  type Resources,
  type RunEvent,
} from './frames';
import { Output } from './output';
import { Series } from './series';

export type RunKind = 'run' | 'submit';

export interface Figure {
  key: number;
  name: string;
  step: number;
  svg: string;
}

export interface HistogramPoint {
  step: number;
  time: number;
  value: HistogramValue;
}

export interface Report {
  outcome: Outcome;
  exception: Exception | null;
  resources: Resources | null;
}

/** A program that shows a figure at every step must not fill the page's memory. */
const MOST_FIGURES = 60;
const MOST_HISTOGRAMS = 120;
const MOST_SERIES = 64;

export class Run {
  revision = 0;
  phase: Phase = 'queued';
  position: number | null = null;
  /** How often the server began again, because it was restarted in the middle. */
  restarts = 0;
  output = new Output();
  series = new Map<string, Series>();
  /** How many scalars are not shown because there are too many names. */
  hiddenSeries = new Set<string>();
  figures: Figure[] = [];
  droppedFigures = 0;
  step = 0;
  optimizer: string | null = null;
  learningRate = NaN;
  time = 0;
  graph: { step: number; value: GraphValue } | null = null;
  histograms = new Map<string, HistogramPoint[]>();
  exhibits = new Map<string, { step: number; value: ExhibitValue }>();
  report: Report | null = null;
  grade: Grade | null = null;
  /** Whether there was more than the server keeps. */
  leftOut = false;

  constructor(
    readonly id: string,
    readonly kind: RunKind,
    /** The text that was sent, so that lines can be found again after the editor went on. */
    readonly code: string,
    readonly xray = false,
  ) {}

  get over(): boolean {
    return FINAL_PHASES.has(this.phase);
  }

  /** Takes one frame; returns whether the run is over with it. What is not known is passed over. */
  apply(frame: Frame): boolean {
    this.revision += 1;
    switch (frame.type) {
      case 'phase':
        if (frame.phase === 'restarted') this.begin();
        this.phase = frame.phase;
        this.position = frame.position ?? null;
        break;
      case 'output':
        this.output.push(frame.stream, frame.text);
        break;
      case 'events':
        for (const event of frame.events) this.event(event);
        break;
      case 'report':
        this.report = {
          outcome: frame.outcome,
          exception: frame.exception ?? null,
          resources: frame.resources ?? null,
        };
        break;
      case 'left_out':
        this.leftOut = true;
        break;
      case 'grade':
        this.grade = frame.grade;
        break;
    }
    return this.over;
  }

  /** Forgets what the attempt before has shown: the program runs again from its start. */
  private begin(): void {
    this.restarts += 1;
    this.output = new Output();
    this.series = new Map();
    this.hiddenSeries = new Set();
    this.figures = [];
    this.droppedFigures = 0;
    this.step = 0;
    this.time = 0;
    this.graph = null;
    this.histograms = new Map();
    this.exhibits = new Map();
    this.report = null;
    this.grade = null;
    this.leftOut = false;
  }

  private event(event: RunEvent): void {
    const time = toNumber(event.time);
    if (Number.isFinite(time)) this.time = Math.max(this.time, time);
    switch (event.event) {
      case 'scalar':
        this.seriesOf(event.name)?.push(event.step, toNumber(event.value), time);
        break;
      case 'step':
        this.step = event.step;
        this.optimizer = event.name;
        this.learningRate = toNumber(event.value);
        break;
      case 'figure':
        this.figures.push({
          key: this.figures.length + this.droppedFigures,
          name: event.name,
          step: event.step,
          svg: event.svg,
        });
        if (this.figures.length > MOST_FIGURES) {
          this.figures.shift();
          this.droppedFigures += 1;
        }
        break;
      case 'graph':
        this.graph = { step: event.step, value: event.value };
        break;
      case 'histogram': {
        const points = this.histograms.get(event.name) ?? [];
        points.push({ step: event.step, time, value: event.value });
        this.histograms.set(event.name, points.length > MOST_HISTOGRAMS ? everyOther(points) : points);
        break;
      }
      case 'exhibit':
        this.exhibits.set(event.name, { step: event.step, value: event.value });
        break;
    }
  }

  private seriesOf(name: string): Series | null {
    const known = this.series.get(name);
    if (known) return known;
    if (this.series.size >= MOST_SERIES) {
      this.hiddenSeries.add(name);
      return null;
    }
    const made = new Series(name);
    this.series.set(name, made);
    return made;
  }
}

/** Halves a list over time, keeping its newest. */
function everyOther<T>(points: T[]): T[] {
  return points.filter((_, at) => (points.length - 1 - at) % 2 === 0);
}
