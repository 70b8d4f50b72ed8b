import { describe, expect, it } from 'vitest';
import { backoff, EventParser, follow, type Connection } from './server-events';

const text =
  'id: 1\nevent: phase\ndata: {"a":1}\n\n: still here\n\nid: 2\r\ndata: {"b":\r\ndata: "é中"}\r\n\r\ndata: 3\r\r';

describe('events in a stream of text', () => {
  it('are the same however the text is cut', () => {
    const whole = new EventParser().push(text + '\n');
    expect(whole.map((event) => event.data)).toEqual(['{"a":1}', '{"b":\n"é中"}', '3']);
    expect(whole.map((event) => event.id)).toEqual(['1', '2', '2']);
    for (let size = 1; size < 9; size += 1) {
      const parser = new EventParser();
      const found = [];
      for (let at = 0; at < text.length + 1; at += size)
        found.push(...parser.push((text + '\n').slice(at, at + size)));
      expect(found).toEqual(whole);
    }
  });

  it('are not made of comments or of an event without data', () => {
    expect(new EventParser().push(': ping\n\nevent: x\n\nid: 4\n\n')).toEqual([]);
  });
});

/** A server that answers each request with the next of these. */
function server(answers: (() => Response | Promise<Response>)[]) {
  const asked: string[] = [];
  const waited: number[] = [];
  return {
    asked,
    waited,
    fetch: (async (url: string) => {
      asked.push(url);
      const answer = answers.shift();
      if (!answer) throw new TypeError('nothing listens');
      return answer();
    }) as unknown as typeof fetch,
    sleep: async (milliseconds: number) => void waited.push(milliseconds),
  };
}

const frames = (...seqs: number[]) =>
  new Response(seqs.map((seq) => `id: ${seq}\ndata: {"seq":${seq}}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });

describe('following a run', () => {
  const run = async (answers: (() => Response | Promise<Response>)[], until: number, after = 0) => {
    const { asked, waited, fetch, sleep } = server(answers);
    const seen: number[] = [];
    const connections: Connection[] = [];
    const last = await follow({
      url: '/e',
      after,
      fetch,
      sleep,
      random: () => 1,
      signal: new AbortController().signal,
      onConnection: (connection) => connections.push(connection),
      onFrame: (frame) => {
        const { seq } = frame as { seq: number };
        seen.push(seq);
        return seq === until;
      },
    });
    return { asked, waited, seen, connections, last };
  };

  it('goes on after the last event when the connection is lost, and handles none twice', async () => {
    const { asked, seen, last, connections } = await run(
      [
        () => frames(1, 2, 3),
        () => new Response('', { status: 503, headers: { 'retry-after': '2' } }),
        () => Promise.reject(new TypeError('refused')),
        () => frames(3, 4, 5),
      ],
      5,
    );
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toEqual(['/e?after=0', '/e?after=3', '/e?after=3', '/e?after=3']);
    expect(last).toBe(5);
    expect(connections.at(-1)).toBe('closed');
  });

  it('starts after what is known', async () => {
    expect((await run([() => frames(8, 9)], 9, 7)).asked).toEqual(['/e?after=7']);
  });

  it('waits as long as the server asks', async () => {
    const { waited } = await run(
      [() => new Response('', { status: 429, headers: { 'retry-after': '2' } }), () => frames(1)],
      1,
    );
    expect(waited).toEqual([2000]);
  });

  it('gives up on what another attempt will not change', async () => {
    const { asked, connections } = await run([() => new Response('', { status: 404 })], 1);
    expect(asked).toHaveLength(1);
    expect(connections.at(-1)).toBe('refused');
  });

  it('leaves a connection in which nothing comes any more', async () => {
    const { fetch, asked, sleep } = server([() => new Response(new ReadableStream({})), () => frames(1)]);
    const last = await follow({
      url: '/e',
      fetch,
      sleep,
      silence: 20,
      signal: new AbortController().signal,
      onFrame: () => true,
    });
    expect(asked).toHaveLength(2);
    expect(last).toBe(1);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const { fetch, sleep } = server([() => frames(1, 2)]);
    await follow({
      url: '/e',
      fetch,
      sleep,
      signal: stop.signal,
      onFrame: () => {
        stop.abort();
        return false;
      },
    });
    expect(stop.signal.aborted).toBe(true);
  });
});

it('waits twice as long after each failure, up to ten seconds', () => {
  expect([1, 2, 3, 10].map((failures) => backoff(failures, () => 1))).toEqual([300, 600, 1200, 10_000]);
  expect(backoff(1, () => 0)).toBe(150);
});
