import { SignInFirst } from '../errors.js';
import { first } from '../forms.js';
import type { Pages } from '../site.js';

interface NoticesData {
  myNotices: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: { link: string; readAt: string | null }[];
  };
}

/** What you have been told, newest first; where e-mails lead whose subject has no page of its own. */
export function noticePages(pages: Pages): void {
  pages.get('/notices', async (visit) => {
    if (!visit.signedIn) throw new SignInFirst();
    const { query } = visit.request;
    const after = first(query['after']) || null;
    const { myNotices: { nodes, pageInfo, totalCount } } = await visit.query<NoticesData>('account/notices', { after });
    const older = pageInfo.hasNextPage ? `/notices?after=${encodeURIComponent(pageInfo.endCursor!)}` : null;
    const data = { notices: nodes, totalCount, older, isFirst: after === null, someAreNew: nodes.some(({ readAt }) => readAt === null), done: first(query['done']) };
    return { view: 'account/notices', data };
  });

  pages.post('/notices', async (visit) => {
    await visit.mutate('account/read-notices', {});
    return { redirect: '/notices?done=read' };
  });
}
