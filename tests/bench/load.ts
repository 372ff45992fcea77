import autocannon from 'autocannon';

export const CONNECTIONS = 10;

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

/** Sends the calls over and over for so many seconds; each connection begins elsewhere in their row. */
export function run(url: string, calls: readonly Call[], seconds: number): Promise<Figures> {
  const times: number[] = [];
  let connections = 0;
  return new Promise((resolve, reject) => {
    const cannon = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: seconds,
        setupClient: (client) => {
          const start = Math.floor((connections++ * calls.length) / CONNECTIONS);
          client.setRequests([...calls.slice(start), ...calls.slice(0, start)].map((call) => ({ ...call, method: 'POST', headers: { 'Content-Type': 'application/json', ...call.headers } })));
        },
      },
      (error, result) => {
        if (error || result.errors > 0 || result.non2xx > 0) return reject(error ?? new Error(`${result.errors} errors and ${result.non2xx} answers other than 200 from ${url}`));
        times.sort((a, b) => a - b);
        return resolve({ requests: times.length, requestsPerSecond: times.length / result.duration, p50: quantile(times, 0.5), p95: quantile(times, 0.95) });
      },
    );
    cannon.on('response', (_client, _status, _bytes, milliseconds) => void times.push(milliseconds));
  });
}

const quantile = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
