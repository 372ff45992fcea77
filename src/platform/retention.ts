import { z } from 'zod';
import type { Database } from './database/index.js';
import type { Jobs } from './jobs/index.js';

/** How long something is kept, and how it is removed. Each room gives its own. */
export interface RetentionRule {
  /** Its name in the setting. */
  name: string;
  /** What is removed, or what of it, and from when on the days count. */
  says: string;
  /** Days for which it is kept where the setting says nothing. */
  days: number;
  /** Statements that remove what was over before the moment $1; run again they find nothing to do. */
  sql: readonly string[];
}

const periods = z.record(z.string(), z.int().min(1));

/**
 * Removes, each night, what has been kept for its time. The setting `retention` changes the times: a JSON object of
 * days by the names of the rules, such as {"notices": 180}.
 */
export function retentionJobs(db: Database, rules: readonly RetentionRule[]): Jobs {
  return {
    tasks: { 'remove-what-was-kept-long-enough': () => applyRetention(db, rules) },
    schedule: [{ task: 'remove-what-was-kept-long-enough', pattern: '20 2 * * *' }],
  };
}

/** @throws Error for a setting that names what there is not, or that gives no whole number of days */
export async function applyRetention(db: Database, rules: readonly RetentionRule[]): Promise<void> {
  const [row] = await db.query<{ value: unknown }>(`SELECT value FROM setting WHERE name = 'retention'`);
  const setting = periods.safeParse(row?.value ?? {});
  if (!setting.success) throw new Error('The setting `retention` must be an object of whole days by name, like {"notices": 180}.');
  const unknown = Object.keys(setting.data).filter((name) => !rules.some((rule) => rule.name === name));
  if (unknown.length > 0) throw new Error(`The setting \`retention\` names what there is not: ${unknown.join(', ')}.`);
  for (const { name, days, sql } of rules) {
    await db.longTransaction(async (tx) => {
      const before = new Date(tx.now.getTime() - (setting.data[name] ?? days) * 86_400_000);
      for (const statement of sql) await tx.query(statement, [before]);
    });
  }
}
