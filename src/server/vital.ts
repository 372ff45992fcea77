import { collectDefaultMetrics, Gauge } from 'prom-client';
import type { Database } from '../platform/database/index.js';
import { RETRY_AFTER_SECONDS } from '../platform/database/index.js';
import { registry } from '../platform/metrics.js';
import type { Search } from '../search/index.js';
import type { Admission } from './admission.js';
import type { Figures } from './figures.js';
import type { HealthMonitor } from './health.js';
import type { Handler } from './listener.js';

/**
 * How the service is, for whatever looks after it: `/ping` (the process lives), `/ready` (requests may be sent here),
 * `/health` (how each part is). None of them waits for anything.
 */
export function healthEndpoints(current: () => HealthMonitor | null): Map<string, Handler> {
  return new Map<string, Handler>([
    ['/ping', (_request, response) => void response.writeHead(200, PLAIN).end('ok\n')],
    [
      '/ready',
      (_request, response) => {
        const watch = current();
        const why = watch ? watch.whyNotReady() : 'this process is starting';
        response.writeHead(why === null ? 200 : 503, why === null ? PLAIN : { ...PLAIN, ...LATER }).end(why === null ? 'ready\n' : `not ready: ${why}\n`);
      },
    ],
    [
      '/health',
      (_request, response) => {
        const health = current()?.health() ?? { status: 'down', parts: { process: { status: 'down', ageSeconds: 0, why: 'it is starting' } } };
        response.writeHead(health.status === 'down' ? 503 : 200, health.status === 'down' ? { ...JSON_TYPE, ...LATER } : JSON_TYPE).end(`${JSON.stringify(health)}\n`);
      },
    ],
  ]);
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
const LATER = { 'Retry-After': String(RETRY_AFTER_SECONDS) };

export const metricsEndpoint: [string, Handler] = [
  '/metrics',
  (_request, response) => {
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text),
      () => response.writeHead(500, PLAIN).end(),
    );
  },
];

/** What is looked at when metrics are asked for. Counts of the database are those of the monitor's last look. */
export function addGauges({ db, search, monitor, admission }: { db: Database; search: Search; monitor: HealthMonitor; admission: Admission | null }): void {
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  const figure = (name: string, help: string, of: (figures: Figures) => number | null) => gauge(name, help, () => (monitor.figures ? of(monitor.figures) : null));

  gauge('signpost_http_requests_under_way', 'Requests that are being dealt with.', () => admission?.underWay ?? null);
  gauge('signpost_http_requests_waiting', 'Requests that wait for their turn.', () => admission?.inLine ?? null);
  gauge('signpost_database_connections', 'Connections of the pool that requests share.', () => db.pool.totalCount);
  gauge('signpost_database_connections_idle', 'Those of them that nobody uses.', () => db.pool.idleCount);
  gauge('signpost_database_waiting', 'Work that waits for a connection.', () => db.pool.waitingCount);
  gauge('signpost_ready', '1 while requests may be sent here.', () => (monitor.whyNotReady() === null ? 1 : 0));
  gauge('signpost_search_on_meilisearch', '1 while Meilisearch is to answer searches and does; 0 while PostgreSQL answers.', () => (search.index && search.index.engine.degraded === null ? 1 : 0));
  gauge('signpost_search_degraded', '1 while PostgreSQL answers searches in place of Meilisearch.', () => (search.index?.engine.degraded ? 1 : 0));
  gauge('signpost_figures_age_seconds', 'Age of the counts of jobs, mail and the search outbox.', () => monitor.figuresAge);
  figure('signpost_jobs_due', 'Jobs that are due and wait.', ({ jobs }) => jobs.due);
  figure('signpost_jobs_oldest_seconds', 'How long the oldest of them has waited; 0 if none does.', ({ jobs }) => jobs.oldestSeconds ?? 0);
  figure('signpost_jobs_given_up', 'Jobs that failed so often that they are not tried again.', ({ failedJobs }) => failedJobs);
  figure('signpost_mail_waiting', 'Messages that are not sent yet.', ({ mail }) => mail.waiting);
  figure('signpost_mail_oldest_seconds', 'Age of the oldest of them; 0 if there is none.', ({ mail }) => mail.oldestSeconds ?? 0);
  figure('signpost_search_outbox', 'Changes that wait to be published to the search index.', ({ outbox }) => outbox.waiting);
  figure('signpost_search_outbox_oldest_seconds', 'How long the oldest of them has waited; 0 if none does.', ({ outbox }) => outbox.oldestSeconds ?? 0);
  figure('signpost_search_drift', 'Documents that differed when the index was last compared with the database.', ({ drift }) => drift);
  figure('signpost_imports_failing', 'Folders and addresses whose last fetch went wrong.', ({ importsFailing }) => importsFailing);
}
