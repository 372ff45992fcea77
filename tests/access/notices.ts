import type { Attempt } from './attempts.js';
import type { Situation } from './situations.js';
import type { Stage } from './stage.js';

/** A notice to the lead of the school, whom a provider has asked for a recommendation. @returns its id */
async function toTheLead(stage: Stage): Promise<string> {
  const { id } = await stage.recommendation('INVITED', 'AWAITING_RECOMMENDATIONS');
  const [notice] = await stage.server.app.db.query<{ id: string }>('SELECT id FROM notice WHERE object_id = $1 AND person_id = $2', [id, stage.asker('lead').personId]);
  return notice!.id;
}

export const noticeSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Notice: {
    'to a lead of the school': async (stage) => {
      const id = await toTheLead(stage);
      await stage.server.app.db.query('UPDATE notice SET read_at = $2 WHERE id = $1', [id, stage.server.clock.now()]);
      return { key: id, ways: [['myNotices(first: 100)', 'nodes']], barred: [['myNotices(first: 100, unreadOnly: true)', 'nodes']] };
    },
  },
};

export const noticeQueries: Record<string, (stage: Stage) => Promise<string>> = {
  myNotices: async () => 'myNotices(first: 5)',
  namedAsContact: async (stage) => `namedAsContact(providerId: "${await stage.naming(stage.asker('lead').email)}")`,
};

export const noticeAttempts: Record<string, Record<string, Attempt>> = {
  markNoticeRead: { 'to a lead of the school': { args: async (stage) => ({ id: await toTheLead(stage) }) } },
  markAllNoticesRead: { themselves: { args: async () => ({}) } },
};
