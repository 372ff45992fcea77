import autocannon from 'autocannon';

export const CONNECTIONS = 10;
/** So long each side runs before it is measured: a service that has just begun has compiled little of what it does. */
export const WARM_SECONDS = 8;

export interface Call {
  path: string;
  body: string;
  /** Besides the content type. */
  headers?: Record<string, string>;
}

/** What one run, or the median of several, came to. */
export interface Figures {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
}

/** An answer's body, and how long it took. */
export interface Answered {
  figures: Figures;
  /** In the order of the calls. */
  bodies: string[];
}

/** Sends each call once, as many at a time as there are connections. Their number is a multiple of that. */
export function once(url: string, calls: readonly Call[]): Promise<Answered> {
  const bodies: string[] = Array.from({ length: calls.length });
  let connections = 0;
  return measure({
    url,
    amount: calls.length,
    setupClient: (client) => {
      const own = connections++;
      const requests = calls.flatMap((call, nth) => (nth % CONNECTIONS === own ? [{ ...asSent(call), onResponse: (_status: number, body: string) => void (bodies[nth] = body) }] : []));
      client.setRequests(requests);
    },
  }).then((figures) => ({ figures, bodies }));
}

/** Sends the calls over and over for so many seconds; each connection begins elsewhere in their row. */
export function run(url: string, calls: readonly Call[], seconds: number): Promise<Figures> {
  let connections = 0;
  return measure({
    url,
    duration: seconds,
    setupClient: (client) => {
      const start = Math.floor((connections++ * calls.length) / CONNECTIONS);
      client.setRequests([...calls.slice(start), ...calls.slice(0, start)].map(asSent));
    },
  });
}

const asSent = (call: Call) => ({ ...call, method: 'POST' as const, headers: { 'Content-Type': 'application/json', ...call.headers } });

function measure(options: autocannon.Options): Promise<Figures> {
  const times: number[] = [];
  const began = performance.now();
  let ended = began;
  return new Promise((resolve, reject) => {
    const cannon = autocannon({ connections: CONNECTIONS, ...options }, (error, result) => {
      if (error || result.errors > 0 || result.non2xx > 0) return reject(error ?? new Error(`${result.errors} errors and ${result.non2xx} answers other than 200 from ${options.url}`));
      times.sort((a, b) => a - b);
      return resolve({ requests: times.length, requestsPerSecond: (1000 * times.length) / (ended - began), p50: quantile(times, 0.5), p95: quantile(times, 0.95) });
    });
    cannon.on('response', (_client, _status, _bytes, milliseconds) => {
      ended = performance.now();
      times.push(milliseconds);
    });
  });
}

const quantile = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
