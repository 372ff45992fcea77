import { first, type Form, newForm, refused, several, text } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';
import { taskInWords } from './tasks.js';

interface ServiceData {
  jobHealth: { due: number; oldestDueSeconds: number | null; failedCount: number; failed: { id: string; task: string }[] };
  searchHealth: { engine: string; degraded: string | null; waiting: number; oldestWaitingSeconds: number | null };
}

/** How the service is doing, for who runs it, and what to do about jobs that failed. */
export function servicePages(pages: Pages): void {
  pages.get('/service', (visit) => service(visit));

  pages.post('/service', async (visit) => {
    const ids = several(visit.request, 'ids');
    const what = text(visit.request, 'what') === 'remove' ? 'remove' : 'retry';
    const { refusal } = await visit.mutate(`service/${what}-jobs`, { ids });
    return refusal ? service(visit, refused({ ids }, refusal, visit.request)) : { redirect: `/service?done=${what}` };
  });
}

async function service(visit: Visit, form?: Form): Promise<Answer> {
  const { jobHealth, searchHealth } = await visit.query<ServiceData>('service/service');
  const ticked = first(visit.request.query['tick']) === 'all' ? jobHealth.failed.map(({ id }) => id) : [];
  return {
    view: 'service/service',
    data: {
      jobs: jobHealth,
      failed: jobHealth.failed.map((job) => ({ ...job, what: taskInWords(job.task) })),
      search: searchHealth,
      form: form ?? newForm({ ids: ticked }),
      done: first(visit.request.query['done']),
    },
  };
}
