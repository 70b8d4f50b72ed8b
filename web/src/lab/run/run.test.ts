import { describe, expect, it } from 'vitest';
import type { Frame, RunEvent } from './frames';
import { Run } from './run';

const scalar = (step: number, value: number | 'NaN', name = 'loss'): RunEvent => ({
  event: 'scalar',
  step,
  name,
  value,
  time: step / 100,
});

const story: Frame[] = [
  { type: 'phase', phase: 'queued', position: 3 },
  { type: 'phase', phase: 'starting' },
  { type: 'phase', phase: 'running' },
  { type: 'output', stream: 'stdout', text: 'epoch 0\n' },
  {
    type: 'events',
    events: [
      scalar(1, 2.5),
      { event: 'step', step: 1, name: 'SGD', value: 0.01, time: 0.01 },
      scalar(2, 'NaN'),
    ],
  },
  { type: 'events', events: [{ event: 'figure', step: 2, name: 'the loss', svg: '<svg/>', time: 0.03 }] },
  {
    type: 'report',
    outcome: 'finished',
    resources: { wall_seconds: 1, cpu_seconds: 1, peak_memory_bytes: 1 },
  },
];

describe('a run', () => {
  it('is what its frames say', () => {
    const run = new Run('r', 'run', '');
    for (const frame of story) expect(run.apply(frame)).toBe(false);
    expect(run.apply({ type: 'phase', phase: 'done' })).toBe(true);
    expect(run.output.lines.map((line) => line.text)).toEqual(['epoch 0']);
    expect(run.series.get('loss')?.count).toBe(2);
    expect(run.series.get('loss')?.marks).toEqual([{ step: 2, kind: 'nan' }]);
    expect([run.step, run.optimizer, run.learningRate]).toEqual([1, 'SGD', 0.01]);
    expect(run.figures.map((figure) => figure.name)).toEqual(['the loss']);
    expect(run.report?.outcome).toBe('finished');
  });

  it('begins anew when the server was restarted, and tells so', () => {
    const run = new Run('r', 'run', '');
    for (const frame of story) run.apply(frame);
    run.apply({ type: 'phase', phase: 'restarted' });
    expect(run.over).toBe(false);
    expect([run.output.lines.length, run.series.size, run.figures.length, run.report]).toEqual([
      0,
      0,
      0,
      null,
    ]);
    expect(run.restarts).toBe(1);
  });

  it('keeps its place in the queue only while it waits', () => {
    const run = new Run('r', 'run', '');
    run.apply({ type: 'phase', phase: 'queued', position: 3 });
    expect(run.position).toBe(3);
    run.apply({ type: 'phase', phase: 'running' });
    expect(run.position).toBeNull();
  });

  it('passes over a frame and an event that it does not know', () => {
    const run = new Run('r', 'run', '');
    expect(run.apply({ type: 'later' } as unknown as Frame)).toBe(false);
    run.apply({
      type: 'events',
      events: [{ event: 'later', step: 1, name: '', time: 0 } as unknown as RunEvent],
    });
    expect(run.series.size).toBe(0);
  });

  it('is bounded, whatever a program reports', () => {
    const run = new Run('r', 'run', '');
    for (let at = 0; at < 500; at += 1) {
      run.apply({
        type: 'events',
        events: [
          scalar(at, 1, `name ${at}`),
          { event: 'figure', step: at, name: `f${at}`, svg: '', time: 0 },
          {
            event: 'histogram',
            step: at,
            name: 'w',
            time: 0,
            value: {
              shape: [1],
              value: { low: 0, high: 1, counts: [1] },
              gradient: null,
              norm: 1,
              gradient_norm: 0,
            },
          },
        ],
      });
    }
    expect(run.series.size).toBe(64);
    expect(run.hiddenSeries.size).toBe(436);
    expect(run.figures.length).toBe(60);
    expect(run.figures.at(-1)?.name).toBe('f499');
    expect(new Set(run.figures.map((figure) => figure.key)).size).toBe(60);
    expect(run.histograms.get('w')?.length).toBeLessThanOrEqual(120);
    expect(run.histograms.get('w')?.at(-1)?.step).toBe(499);
  });
});
