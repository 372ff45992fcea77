import type { UnitOfWork } from '../../platform/database/index.js';
import type { Row } from './columns.js';
import { dayOf, Unusable, urnOf } from './row.js';
import type { ImportSummary } from './summary.js';

/** What the school that a link names is to the school that has the link. */
type Kind = 'SUCCESSOR' | 'PREDECESSOR' | 'AMALGAMATION' | 'MERGED';

export interface Link {
  urn: number;
  other: number;
  kind: Kind;
  since: string | null;
}

/** A row's link from one school to another; null where it has none, undefined where it is no matter of succession. */
export function readLink(row: Row): Link | null | undefined {
  if (!row.linkUrn && !row.linkType) return null;
  const kind = kindOf(row.linkType ?? '');
  if (!kind) return undefined;
  const link = { urn: urnOf(row.urn, 'URN'), other: urnOf(row.linkUrn, 'LinkURN'), kind, since: dayOf(row.linkDate ?? '') ?? null };
  if (link.urn === link.other) throw new Unusable('it links a school to itself');
  return link;
}

/** GIAS has these with many endings: `Successor - amalgamated`, `Merged - change in age range`. */
function kindOf(type: string): Kind | null {
  if (/^successor/i.test(type)) return 'SUCCESSOR';
  if (/^predecessor/i.test(type)) return 'PREDECESSOR';
  if (/^result of amalgamation/i.test(type)) return 'AMALGAMATION';
  return /^merged/i.test(type) ? 'MERGED' : null;
}

/** The links of one file, and of which schools it tells all that they have. */
export class Links {
  private readonly said = new Map<string, Link>();
  private readonly named = new Set<number>();
  private readonly unread = new Set<number>();
  private forgets = true;

  add(urn: number | null, link: Link | null): void {
    if (urn !== null) this.named.add(urn);
    if (!link) return;
    const key = `${link.urn} ${link.other} ${link.kind}`;
    this.said.set(key, { ...link, since: this.said.get(key)?.since ?? link.since });
  }

  /** A row of the school cannot be read: what is known of the school besides stays. Null where the row may be of any school. */
  couldNotRead(urn: number | null): void {
    if (urn === null) this.forgets = false;
    else this.unread.add(urn);
  }

  /**
   * Keeps what the file says, and decides anew which school became which: also of links that came before their schools.
   * What a school had and the file does not have any more of it goes, unless a row that cannot be read may have it.
   */
  async save(tx: UnitOfWork, counts: ImportSummary['links']): Promise<void> {
    const links = [...this.said.values()];
    if (this.forgets && this.named.size > 0) await this.forget(tx, links);
    if (links.length > 0) await keep(tx, links);
    await decide(tx, links, counts);
  }

  private async forget(tx: UnitOfWork, links: readonly Link[]): Promise<void> {
    const named = [...this.named].filter((urn) => !this.unread.has(urn));
    await tx.query(
      `WITH named AS (SELECT unnest($1::int[]) AS urn), file AS (SELECT * FROM unnest($2::int[], $3::int[], $4::text[]) AS f (urn, other, kind)),
       known AS (SELECT count(*) AS all, count(*) FILTER (WHERE urn IN (SELECT urn FROM named)) AS named FROM (SELECT DISTINCT urn FROM school_link) subject),
       gone AS (
         SELECT k.urn, k.other_urn FROM school_link k CROSS JOIN known
         WHERE (k.urn IN (SELECT urn FROM named) OR known.named >= ${LEAST_OF_WHOLE} AND known.named >= 0.9 * known.all AND NOT k.urn = ANY($5))
           AND NOT EXISTS (SELECT FROM file WHERE file.urn = k.urn AND file.other = k.other_urn))
       DELETE FROM school_link k WHERE
         -- in other words than before
         k.urn IN (SELECT urn FROM named) AND NOT EXISTS (SELECT FROM file WHERE file.urn = k.urn AND file.other = k.other_urn AND file.kind = k.kind)
         OR EXISTS (SELECT FROM gone WHERE gone.urn = k.urn AND gone.other_urn = k.other_urn)
         -- what the other school had said of the same two goes too, unless the file has that
         OR EXISTS (SELECT FROM gone WHERE gone.urn = k.other_urn AND gone.other_urn = k.urn)
           AND NOT EXISTS (SELECT FROM file WHERE file.urn = k.urn AND file.other = k.other_urn)`,
      [named, ...columnsOf(links), [...this.unread]],
    );
  }
}

/** A file that names nine tenths of the schools whose links are known, and as many as this, is the whole of GIAS. */
const LEAST_OF_WHOLE = 1000;

const columnsOf = (links: readonly Link[]) => [links.map(({ urn }) => urn), links.map(({ other }) => other), links.map(({ kind }) => kind)];

const keep = (tx: UnitOfWork, links: readonly Link[]) =>
  tx.query(
    `INSERT INTO school_link AS k (urn, other_urn, kind, since, said_at) SELECT *, $5 FROM unnest($1::int[], $2::int[], $3::text[], $4::date[])
     ON CONFLICT (urn, other_urn, kind) DO UPDATE SET since = coalesce(EXCLUDED.since, k.since), said_at = EXCLUDED.said_at`,
    [...columnsOf(links), links.map(({ since }) => since), tx.now],
  );

const STANDS = `SELECT urn, successor_urn, since FROM school_link_decided WHERE verdict = 'STANDS'`;

async function decide(tx: UnitOfWork, links: readonly Link[], counts: ImportSummary['links']): Promise<void> {
  const gone = await tx.query(
    `WITH decided AS MATERIALIZED (${STANDS}) DELETE FROM school_successor s
     WHERE NOT EXISTS (SELECT FROM decided d WHERE d.urn = s.urn AND d.successor_urn = s.successor_urn) RETURNING s.urn`,
  );
  const written = await tx.query<{ added: boolean; pair: string }>(
    `INSERT INTO school_successor AS s (urn, successor_urn, since) ${STANDS}
     ON CONFLICT (urn, successor_urn) DO UPDATE SET since = EXCLUDED.since WHERE s.since IS DISTINCT FROM coalesce(EXCLUDED.since, s.since)
     RETURNING xmax = 0 AS added, urn || ' ' || successor_urn AS pair`,
  );
  counts.added = written.filter((row) => row.added).length;
  counts.changed = written.length - counts.added;
  counts.removed = gone.length;
  if (links.length === 0) return;

  const pairs = await tx.query<{ urn: number; other: number; verdict: 'STANDS' | 'WAITS' | 'UNCLEAR' | 'AGAINST_STATUS' }>(
    `SELECT urn, successor_urn AS other, verdict FROM school_link_decided d
     JOIN (SELECT DISTINCT least(a, b) AS low, greatest(a, b) AS high FROM unnest($1::int[], $2::int[]) AS file (a, b)) file USING (low, high) ORDER BY 1, 2`,
    columnsOf(links).slice(0, 2),
  );
  const those = (...verdicts: string[]) => pairs.filter(({ verdict }) => verdicts.includes(verdict));
  const anew = new Set(written.map(({ pair }) => pair));
  counts.unchanged = those('STANDS').filter(({ urn, other }) => !anew.has(`${urn} ${other}`)).length;
  counts.waiting = those('WAITS').length;
  counts.leftOut += those('UNCLEAR', 'AGAINST_STATUS').length;
  counts.unclear = those('UNCLEAR', 'AGAINST_STATUS').map(({ urn, other, verdict }) =>
    verdict === 'UNCLEAR' ? `${urn} and ${other}: nothing tells which of the two became the other` : `${urn} is open, and cannot have become ${other}, which is closed`,
  );
}
