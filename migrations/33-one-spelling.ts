import { domainToASCII } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** E-mail and web addresses that lead to one place are kept, and compared, as one. */
export class OneSpelling1795000000033 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(WEBSITES);
    await spellWebsites(db);
    await spellMailboxes(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION website_host;
      CREATE FUNCTION website_host(website text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN lower(regexp_replace(website, '^[a-zA-Z]+://(www[.])?([^/:?#]+).*$', '\\2'));
    `);
  }
}

const WEBSITES = `
  -- Whose website an address leads to: the host, however it is spelled; on a host that many share, with what follows it and
  -- tells them apart. Null where that is nobody's.
  CREATE OR REPLACE FUNCTION website_host(website text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
  DECLARE
    shared constant text[] := '{facebook.com,fb.com,instagram.com,threads.net,linkedin.com,twitter.com,x.com,bsky.app,tiktok.com,youtube.com,youtu.be,pinterest.com,
      pinterest.co.uk,linktr.ee,sites.google.com,docs.google.com,drive.google.com,medium.com,github.com,eventbrite.co.uk,eventbrite.com,etsy.com,tes.com,yell.com}';
    -- what stands before a name there
    leads_to_names constant text := '^([a-z]|[0-9]|view|site|pages?|people|groups|profile|company|school|showcase|in|pub|channel|user|shop|biz|teaching-resources|document|forms|file|folders|drive|spreadsheets|presentation)?$';
    parts text[] := regexp_match(website, '^[[:space:]]*[a-zA-Z]+:[/\\\\]*(?:[^/\\\\?#@]*@)?([^/\\\\?#:]*)[^/\\\\?#]*([^?#]*)[?]?([^#]*)');
    host text := parts[1];
    code text;
    place text;
    name text;
  BEGIN
    FOR code IN SELECT DISTINCT (regexp_matches(host, '%([2-7][0-9a-fA-F])', 'g'))[1] LOOP
      host := replace(host, '%' || code, chr(('x' || code)::bit(8)::integer));
    END LOOP;
    host := translate(lower(normalize(host, NFKC)), '\u3002', '.');
    host := regexp_replace(regexp_replace(host, '[.]+$', ''), '^www[0-9]*[.]', '');
    SELECT each INTO place FROM unnest(shared) each WHERE host = each OR host LIKE '%.' || each LIMIT 1;
    IF place IS NULL THEN RETURN nullif(host, ''); END IF;
    SELECT segment INTO name FROM regexp_split_to_table(lower(parts[2]), '[/\\\\]+') WITH ORDINALITY AS path (segment, nth)
      WHERE segment !~ leads_to_names ORDER BY nth LIMIT 1;
    -- as in profile.php?id=1
    IF name ~ '[.]php$' THEN name := (regexp_match(lower(parts[3]), '(?:^|&)id=([^&]+)'))[1]; END IF;
    RETURN place || '/' || name;
  END $$;`;

/** Brings websites into the form in which new ones are kept. */
async function spellWebsites(db: QueryRunner): Promise<void> {
  const rows = (await db.query('SELECT DISTINCT website FROM provider WHERE website IS NOT NULL')) as { website: string }[];
  for (const { website } of rows) {
    if (!URL.canParse(website)) continue;
    const url = new URL(website);
    url.hostname = url.hostname.replace(/\.+$/, '');
    const endsWithHost = url.pathname === '/' && url.search === '' && url.hash === '' && !website.endsWith('/');
    const normal = endsWithHost ? url.href.replace(/\/$/, '') : url.href;
    if (normal !== website) await db.query('UPDATE provider SET website = $2 WHERE website = $1', [website, normal]);
  }
}

/**
 * Comments, as in head(x)@school.example, and groups, as in x:head@school.example, made several addresses of one mailbox.
 * They become the address that mail for them was delivered to. Nobody is merged: where that is another person's already,
 * this one keeps theirs and is known by that mailbox, as are other spellings that are no address any more.
 */
async function spellMailboxes(db: QueryRunner): Promise<void> {
  const odd = `~ '[():%!\\\\[\\]]|[^ -~]|^[.]|[.][.]|[.]@'`;
  const people = (await db.query(`SELECT id, email FROM person WHERE email ${odd} ORDER BY created_at, id`)) as { id: string; email: string }[];
  let changed = false;
  for (const { id, email } of people) {
    const delivered = deliveredTo(email);
    if (delivered === null || delivered === email) continue;
    changed = true;
    const [others] = (await db.query('SELECT count(*)::int AS count FROM person WHERE email = $1 AND id <> $2', [delivered, id])) as { count: number }[];
    if (others!.count === 0) await db.query('UPDATE person SET email = $2 WHERE id = $1', [id, delivered]);
    else await db.query('INSERT INTO former_mailbox (person_id, mailbox, left_at) VALUES ($1, mailbox($2), now()) ON CONFLICT DO NOTHING', [id, delivered]);
  }
  for (const table of ['provider', 'listing']) {
    const contacts = (await db.query(`SELECT DISTINCT contact_email AS email FROM ${table} WHERE contact_email ${odd}`)) as { email: string }[];
    for (const { email } of contacts) {
      const delivered = deliveredTo(email);
      if (delivered === null || delivered === email) continue;
      changed = true;
      await db.query(`UPDATE ${table} SET contact_email = $2 WHERE contact_email = $1`, [email, delivered]);
    }
  }
  if (changed) await db.query(EXCUSE_WHAT_IS_NEW);
}

/** What that makes stand against recommendations counts on for a time, as after an import; what stood already gets no more time. */
const EXCUSE_WHAT_IS_NEW = `
  UPDATE recommendation r SET obstacles = found.obstacles,
      excused = CASE WHEN r.excused_until > now() THEN r.excused ELSE '{}' END || found.added,
      excused_until = CASE WHEN r.excused_until > now() THEN r.excused_until ELSE now() + interval '60 days' END
    FROM (SELECT present.id, present.obstacles, ARRAY(SELECT unnest(present.obstacles) EXCEPT SELECT unnest(was.obstacles)) AS added
          FROM present_obstacles(NULL) present JOIN recommendation was USING (id)) found
    WHERE found.id = r.id AND found.added <> '{}';`;

/** The address that mail was delivered to; null where it was none. */
function deliveredTo(email: string): string | null {
  let bare = email;
  for (let before = ''; before !== bare; ) bare = (before = bare).replace(/\([^()]*\)/g, '');
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, at).replace(/^.*:/s, '').normalize('NFKC').toLowerCase().normalize('NFKC').trim();
  const domain = domainToASCII(bare.slice(at + 1));
  return at < 0 || local === '' || domain === '' || /[()]/.test(local) ? null : `${local}@${domain}`;
}
