import type { UnitOfWork } from '../../platform/database/index.js';
import type { ExtractRow } from './record.js';

interface Authority {
  name: string;
  region: string | null;
}

/**
 * The local authorities, trusts and federations that the schools of one file name. Where rows of one file differ on a
 * name the first is believed, so that a second import finds nothing to change.
 */
export class Organisations {
  private readonly said = new Map<string, (string | null)[]>();

  private constructor(
    private readonly tx: UnitOfWork,
    private readonly authorities: Map<string, Authority>,
  ) {}

  static async read(tx: UnitOfWork): Promise<Organisations> {
    const rows = await tx.query<Authority & { code: string }>('SELECT code, name, region FROM local_authority');
    return new Organisations(tx, new Map(rows.map(({ code, name, region }) => [code, { name, region }])));
  }

  authorityName(code: string): string {
    return this.authorities.get(code)!.name;
  }

  /** Writes what these schools name, before they are written themselves. */
  async save(rows: readonly ExtractRow[]): Promise<void> {
    await this.saveAuthorities(rows);
    await this.saveGroups('trust', rows.map(({ said, trustName }) => [said.trust_id, trustName]));
    await this.saveGroups('federation', rows.map(({ said, federationName }) => [said.federation_id, federationName]));
  }

  private async saveAuthorities(rows: readonly ExtractRow[]): Promise<void> {
    const changed = new Map<string, Authority>();
    for (const { said, laName, region } of rows) {
      const code = said.la_code;
      const first = this.firstSaid(`la ${code}`, laName, region);
      const known = this.authorities.get(code);
      const authority = { name: first[0] ?? known?.name ?? `Local authority ${code}`, region: first[1] ?? known?.region ?? null };
      if (known?.name === authority.name && known.region === authority.region) continue;
      this.authorities.set(code, authority);
      changed.set(code, authority);
    }
    if (changed.size === 0) return;
    await this.tx.query(
      `INSERT INTO local_authority (code, name, region) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
       ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, region = EXCLUDED.region`,
      [[...changed.keys()], [...changed.values()].map(({ name }) => name), [...changed.values()].map(({ region }) => region)],
    );
  }

  private async saveGroups(table: 'trust' | 'federation', named: [id: string | null | undefined, name: string | null][]): Promise<void> {
    const groups = new Map<string, string | null>();
    for (const [id, name] of named) {
      if (!id || this.said.get(`${table} ${id}`)?.[0]) continue;
      groups.set(id, this.firstSaid(`${table} ${id}`, name)[0]!);
    }
    if (groups.size === 0) return;
    await this.tx.query(
      `INSERT INTO ${table} (id, name)
       SELECT id, coalesce(said.name, known.name, initcap('${table} ') || id)
       FROM unnest($1::text[], $2::text[]) AS said (id, name) LEFT JOIN ${table} AS known USING (id)
       ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE ${table}.name <> EXCLUDED.name`,
      [[...groups.keys()], [...groups.values()]],
    );
  }

  /** What the file said first of each of these facts. */
  private firstSaid(key: string, ...facts: (string | null)[]): (string | null)[] {
    const said = this.said.get(key) ?? [];
    const first = facts.map((fact, i) => said[i] ?? fact);
    this.said.set(key, first);
    return first;
  }
}
