import { Counter, Histogram, Registry } from 'prom-client';

/** What is counted where it happens. What is only looked at now and then (pool, queues) the server adds as gauges. */
export const registry = new Registry();
const registers = [registry];

export const metrics = {
  requests: new Histogram({
    name: 'signpost_http_request_seconds',
    help: 'Requests by method, route or operation, and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  }),
  refused: new Counter({ name: 'signpost_http_refused_total', help: 'Requests that were refused unread, by why.', labelNames: ['why'], registers }),
  jobs: new Counter({ name: 'signpost_jobs_total', help: 'Runs of jobs by task and outcome.', labelNames: ['task', 'outcome'], registers }),
  imports: new Counter({ name: 'signpost_imports_total', help: 'Imports by kind, how they were started and outcome.', labelNames: ['kind', 'started_by', 'outcome'], registers }),
  mail: new Counter({ name: 'signpost_mail_total', help: 'Messages by outcome: sent, refused for good, failed for now, or expired.', labelNames: ['outcome'], registers }),
  transitions: new Counter({ name: 'signpost_process_transitions_total', help: 'Steps of processes.', labelNames: ['process', 'transition'], registers }),
};
