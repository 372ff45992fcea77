import { type Bench, vacuum } from './bench.js';
import { withClient } from './postgres.js';
import { comparisonTable, profileTable, say } from './report.js';
import { Served } from './served.js';

const LISTINGS = 1000;

const list = (provider: string, listing: string, recommendation: string) => `{
  providers(first: 20) {
    nodes {
      id name kind ${provider}
      listings(first: 4) { nodes { id title price { kind pence unit } ${listing} } }
      recommendations(first: 6) { nodes { ${recommendation} givenAt school { name } } }
    }
  }
}`;

/** What a list shows; and with what people have written at length, three times as much to send. */
const NESTED_LISTS = {
  'names, titles, prices, who recommends and when': list('', '', ''),
  'and all that was written of each': list('summary', 'summary delivery', 'whatWasDone whatChanged'),
};

/** Twenty listed providers that come first by name, each with four listings and six recommendations that count. */
const TWENTY = `
  WITH made AS (
    INSERT INTO provider SELECT (jsonb_populate_record(NULL::provider, to_jsonb(p) || jsonb_build_object('id', gen_random_uuid(), 'name', '0 ' || p.name))).*
    FROM (SELECT * FROM provider WHERE state = 'LISTED' AND assurance = 'RECOMMENDED' AND school_urn IS NULL ORDER BY id LIMIT 20) p
    RETURNING id
  ), listings AS (
    INSERT INTO listing SELECT (jsonb_populate_record(NULL::listing, to_jsonb(l) || jsonb_build_object('id', gen_random_uuid(), 'provider_id', made.id))).*
    FROM made CROSS JOIN (SELECT * FROM listing WHERE state = 'PUBLISHED' ORDER BY id LIMIT 4) l
  )
  INSERT INTO recommendation SELECT (jsonb_populate_record(NULL::recommendation, to_jsonb(r) || jsonb_build_object('id', gen_random_uuid(), 'provider_id', made.id))).*
  FROM made CROSS JOIN LATERAL (
    SELECT * FROM (SELECT DISTINCT ON (governing_body) * FROM counting_recommendation WHERE provider_school_urn IS NULL ORDER BY governing_body, id) each
    ORDER BY uuid_hash_extended(each.id, hashtext(made.id::text)) LIMIT 6
  ) r`;

/** Twenty providers with their listings, recommendations and recommending schools, asked for without signing in. */
export async function nestedList(bench: Bench): Promise<void> {
  const { url: demo } = await bench.demo(LISTINGS);
  const url = await bench.postgres.create(demo);
  await withClient(url, (client) => client.query(TWENTY));
  await vacuum(url);

  const served = await Served.start(url);
  try {
    say('## Nested list: 20 providers, each with 4 listings and 6 recommendations with the name of the school');
    const comparisons = [];
    for (const [what, query] of Object.entries(NESTED_LISTS)) {
      const operations = [await served.record({ query })];
      comparisons.push([what, await served.compare(operations, bench.options)] as const);
      if (bench.options.profile) profileTable(what, await served.profile(operations, bench.options.seconds));
    }
    comparisonTable(comparisons);
  } finally {
    await served.stop();
  }
}
