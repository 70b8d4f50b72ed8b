import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Unit } from '$lib/api/types';

import { Workbench } from './workbench.svelte';

/** A server of one lab: what was asked of it, and what it answers. */
class Server {
  asked: string[] = [];
  versions: object[] = [];
  frames: object[] = [];
  refuse: Response | null = null;

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    this.asked.push(`${method} ${url}`);
    if (url.includes('/events')) {
      const text = this.frames
        .map((frame, at) => `id: ${at + 1}\ndata: ${JSON.stringify(frame)}\n\n`)
        .join('');
      return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    }
    if (method === 'POST') {
      if (this.refuse) return this.refuse;
      const { kind } = JSON.parse(String(init.body)) as { kind: string };
      this.versions.unshift({ id: 'new', kind, state: 'running', status: null, created: 5 });
      return Response.json({ id: 'new', position: 2 }, { status: 202 });
    }
    if (method === 'PUT') return Response.json({ revision: 1 });
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (url.includes('before=')) return Response.json([]);
    if (url.endsWith('/versions')) return Response.json(this.versions);
    return Response.json({ ...this.versions[0], code: 'kept code', grade: null });
  };
}

const text = { zh: '', en: '' };
const grade = {
  version: 1,
  lab_version: '',
  status: 'pass',
  score: 1,
  max_score: 1,
  tests: [],
  mistakes: [],
  message: null,
};
const unit = { id: 'u', title: text, lab: { starter: 'start', checks: [], draft: null } } as unknown as Unit;

let server: Server;
beforeEach(() => {
  server = new Server();
  vi.stubGlobal('fetch', server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

const ended = (bench: Workbench) => vi.waitFor(() => expect(bench.busy).toBe(false));

describe('the lab at work', () => {
  it('goes from a submission to its verdict', async () => {
    server.frames = [
      { type: 'phase', phase: 'queued', position: 2 },
      { type: 'phase', phase: 'running' },
      { type: 'output', stream: 'stdout', text: 'hi\n' },
      { type: 'report', outcome: 'finished' },
      { type: 'grade', grade },
      { type: 'phase', phase: 'done' },
    ];
    const bench = new Workbench('c', unit, 'a');
    await bench.start('submit');
    expect(bench.view).toBe('run');
    await ended(bench);
    expect(bench.view).toBe('verdict');
    expect(bench.run?.grade?.status).toBe('pass');
    expect(bench.run?.output.lines.map((line) => line.text)).toEqual(['hi']);
  });

  it('leaves the view that was chosen while it ran', async () => {
    server.frames = [
      { type: 'grade', grade },
      { type: 'phase', phase: 'done' },
    ];
    const bench = new Workbench('c', unit, 'a');
    const started = bench.start('submit');
    await started;
    bench.choose('xray');
    await ended(bench);
    expect(bench.view).toBe('xray');
  });

  it('takes up a run that goes on, from its first frame', async () => {
    server.versions = [{ id: 'old', kind: 'run', state: 'running', status: null, created: 1 }];
    server.frames = [
      { type: 'output', stream: 'stdout', text: 'still\n' },
      { type: 'phase', phase: 'done' },
    ];
    const bench = new Workbench('c', unit, 'a');
    await bench.resume();
    expect(server.asked).toContain('GET /api/submissions/old/events?after=0');
    await ended(bench);
    expect(bench.run?.code).toBe('kept code');
    expect(bench.run?.output.lines.map((line) => line.text)).toEqual(['still']);
  });

  it('says why nothing started, and can be asked again', async () => {
    server.refuse = Response.json({ error: { code: 'queue_full', message: '' } }, { status: 429 });
    const bench = new Workbench('c', unit, 'a');
    await bench.start('run');
    expect((bench.failure as { code: string }).code).toBe('queue_full');
    expect(bench.busy).toBe(false);
    server.refuse = null;
    server.frames = [{ type: 'phase', phase: 'done' }];
    await bench.start('run');
    expect(bench.failure).toBeNull();
    await ended(bench);
  });

  it('does not start twice', async () => {
    server.frames = [{ type: 'phase', phase: 'done' }];
    const bench = new Workbench('c', unit, 'a');
    await Promise.all([bench.start('run'), bench.start('run')]);
    await ended(bench);
    expect(server.asked.filter((asked) => asked.startsWith('POST'))).toHaveLength(1);
  });

  it('runs a program of the lesson without touching the answer', async () => {
    server.frames = [{ type: 'phase', phase: 'done' }];
    const bench = new Workbench('c', unit, 'a', 'print(1)');
    bench.typed('print(2)');
    await bench.start('run');
    await ended(bench);
    expect(bench.run?.code).toBe('print(1)');
    expect(bench.code).toBe('start');
    expect(server.asked.some((asked) => asked.startsWith('PUT'))).toBe(false);
    await bench.start('submit');
    expect(bench.run?.code).toBe('start');
  });
});
