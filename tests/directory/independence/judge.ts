import type { Queryable } from '../../../src/platform/database/index.js';
import { closesCircle } from './circles.js';
import { type Given, type Listing, type Provider, readRows, type Rows, type Step } from './rows.js';

/**
 * A naive judge of independence, written from section 3 of the design and docs/directory.md and not from the product's
 * code. It follows the whole history: after each step it looks at plain rows, remembers for itself how things were when
 * a recommendation was given, what an import brought and what an officer has accepted, and says which recommendations may count.
 */

const YEARS = 3;
const EXCUSED_DAYS = 60;

/** What an import of schools brings about by itself: it is overlooked for sixty days, until an officer decides. */
const BY_IMPORT = ['OWN school', 'OWN trust', 'OWN federation', 'PEOPLES', 'LEADS IT', 'RECIPROCAL', 'SAME BODY'];
/** What an officer may accept, however it came about. */
const ACCEPTABLE = ['SAME BODY', 'JUDGED BEFORE', 'CIRCLE', 'TRUST UNKNOWN'];

type Substance = Pick<Listing, 'title' | 'categories' | 'phases' | 'delivery'>;

/** What the judge keeps of one recommendation. */
interface Memory {
  bodies: string[];
  trustUnknown: boolean;
  /** Of each listing that it names what the school has used, and what it has said since to be the same. */
  vouched: Map<string, Substance[]>;
  against: string[];
  accepted: string[];
  /** What is overlooked, and until when. */
  excused: Map<string, Date>;
}

export class Judge {
  private readonly memories = new Map<string, Memory>();
  /** Recommendations that were rejected, or ended while an officer looked into them. */
  private readonly judged = new Set<string>();
  private seen = 0;
  /** How often each thing stood against one, and how many listed providers were looked at. */
  readonly found = new Map<string, number>();
  listed = 0;

  constructor(private readonly db: Queryable) {}

  /**
   * Looks after a step. @param imported whether it was an import of schools
   * @returns a line for each LISTED provider whose recommendations the judge would not count
   */
  async look(now: Date, imported = false): Promise<string[]> {
    const rows = await readRows(this.db, this.seen);
    const scene = new Scene(rows, now);
    this.seen = rows.steps.at(-1)?.seq ?? this.seen;
    const standing = rows.given.filter(({ state }) => state === 'GIVEN' || state === 'FLAGGED');
    for (const each of standing) if (!this.memories.has(each.id)) this.remember(each, scene);
    for (const step of rows.steps) this.follow(step, rows, scene);

    for (const each of standing) {
      const memory = this.memories.get(each.id)!;
      const against = this.against(each, standing, scene);
      for (const what of against.filter((one) => !memory.against.includes(one))) this.note(memory, what, imported, now);
      this.settle(memory, memory.against.includes('CIRCLE') ? [...against, 'CIRCLE'] : against);
    }
    // Circles last, since they are made of what else counts.
    const counting = standing.filter((each) => this.mayCount(each, now));
    for (const each of standing) {
      const memory = this.memories.get(each.id)!;
      const closes = each.state === 'GIVEN' && closesCircle(each, counting, scene);
      const byOthers = !rows.steps.some(({ id, transition }) => id === each.id && ['give', 'uphold', 'restoreOnAppeal'].includes(transition));
      if (closes && !memory.against.includes('CIRCLE')) {
        this.found.set('CIRCLE', (this.found.get('CIRCLE') ?? 0) + 1);
        if (byOthers) memory.excused.set('CIRCLE', after(now, EXCUSED_DAYS + 1)); // the next night's job finds it
      }
      const others = memory.against.filter((what) => what !== 'CIRCLE');
      this.settle(memory, closes ? [...others, 'CIRCLE'] : others);
    }
    const listed = rows.providers.filter(({ state }) => state === 'LISTED');
    this.listed += listed.length;
    return listed.flatMap((provider) => {
      const own = standing.filter((each) => each.provider === provider.id);
      const may = own.filter((each) => this.mayCount(each, now));
      const told = own.map((each) => `${each.school} ${each.state} ${this.memories.get(each.id)!.against.join('+') || 'free'}`).join('; ');
      return may.length < provider.minimum ? [`${provider.name} is listed, and of ${provider.minimum} the judge counts ${may.length}: ${told}`] : [];
    });
  }

  private remember(one: Given, scene: Scene): void {
    this.memories.set(one.id, {
      bodies: scene.bodiesOf(one.school),
      trustUnknown: scene.school(one.school).academy && scene.school(one.school).trust === null,
      vouched: new Map(scene.listingsOf(one).map((listing) => [listing.id, [listing]])),
      against: [],
      accepted: [],
      excused: new Map(),
    });
  }

  /** What a step of a recommendation has changed in what the judge knows of it. */
  private follow({ id, transition, from, person }: Step, { given }: Rows, scene: Scene): void {
    const memory = this.memories.get(id);
    const one = given.find((each) => each.id === id);
    if (transition === 'reject' || (from === 'FLAGGED' && (transition === 'withdraw' || transition === 'lapse'))) this.judged.add(id);
    if (transition === 'restoreOnAppeal') this.judged.delete(id);
    if (!memory || !one) return;
    // Nobody judges where they have an interest: what such an officer confirms is not confirmed.
    if (transition === 'confirmIndependence' && !scene.isInterested(person!, one)) {
      memory.accepted = memory.against.filter((what) => ACCEPTABLE.includes(what) || memory.excused.has(what));
    }
    if (transition === 'affirm') {
      for (const listing of scene.listingsOf(one)) memory.vouched.get(listing.id)?.splice(1, 1, listing);
    }
  }

  private note(memory: Memory, what: string, byImport: boolean, now: Date): void {
    this.found.set(what, (this.found.get(what) ?? 0) + 1);
    if (byImport && BY_IMPORT.includes(what)) memory.excused.set(what, after(now, EXCUSED_DAYS));
  }

  /** What is gone is accepted no longer, and not overlooked if it comes again. */
  private settle(memory: Memory, against: string[]): void {
    memory.against = against;
    memory.accepted = memory.accepted.filter((what) => against.includes(what));
    for (const what of memory.excused.keys()) if (!against.includes(what)) memory.excused.delete(what);
  }

  private mayCount({ id, state }: Given, now: Date): boolean {
    const { against, accepted, excused } = this.memories.get(id)!;
    return state === 'GIVEN' && against.every((what) => accepted.includes(what) || (excused.get(what) ?? now) > now);
  }

  private against(one: Given, standing: Given[], scene: Scene): string[] {
    const memory = this.memories.get(one.id)!;
    const provider = scene.provider(one.provider);
    const its = [...memory.bodies, ...scene.bodiesOf(one.school)];
    const earlier = standing.filter((each) => isEarlier(each, one));
    const bodiesOf = (each: Given) => [...this.memories.get(each.id)!.bodies, ...scene.bodiesOf(each.school)];
    const own = provider.school === null ? [] : scene.bodiesOf(provider.school);
    const people = scene.peopleOf(provider);
    const found: string[] = [];
    for (const kind of ['school', 'trust', 'federation']) if (its.some((body) => body.startsWith(`${kind}:`) && own.includes(body))) found.push(`OWN ${kind}`);
    if (found.length === 0 && (meet(its, people.flatMap(scene.ledBy)) || meet(scene.leadsOf(one.school).flatMap(scene.ledBy), own))) found.push('PEOPLES');
    if (people.includes(scene.who(one.email))) found.push('MEMBER');
    else if (meet(scene.ledBy(scene.who(one.email)), own)) found.push('LEADS IT');
    if (earlier.some((each) => each.provider !== one.provider && meet(bodiesOf(each), scene.near(provider)) && meet(its, scene.nearMembers(scene.provider(each.provider))))) found.push('RECIPROCAL');
    if (scene.isLeadByGraceOf(one, people)) found.push('CONFIRMED BY IT');
    if (earlier.some((each) => each.provider === one.provider && scene.who(each.email) === scene.who(one.email))) found.push('SAME PERSON');
    if (earlier.some((each) => each.provider === one.provider && meet(bodiesOf(each), its))) found.push('SAME BODY');
    const before = scene.rows.given.filter((each) => this.judged.has(each.id) && each.provider === one.provider && isEarlier(each, one));
    if (before.some((each) => scene.isOneSchool(each.school, one.school) || scene.who(each.email) === scene.who(one.email))) found.push('JUDGED BEFORE');
    if (memory.trustUnknown) found.push('TRUST UNKNOWN');
    const offered = scene.listingsOf(one).some((listing) => listing.state === 'PUBLISHED' && memory.vouched.get(listing.id)!.some((used) => isInSubstance(used, listing)));
    if (!offered) found.push('NOT OFFERED');
    return found;
  }
}

const after = (now: Date, days: number) => new Date(now.getTime() + days * 86_400_000);
const isEarlier = (a: Given, b: Given) => a.id !== b.id && (a.givenAt < b.givenAt || (a.givenAt.getTime() === b.givenAt.getTime() && a.id < b.id));
const meet = (a: readonly string[], b: readonly string[]) => a.some((each) => b.includes(each));

/** For the few titles that are generated: the first word is the subject, and the rest tells nothing of it. */
function isInSubstance(used: Substance, now: Substance): boolean {
  const subject = ({ title }: Substance) => title.split(' ')[0];
  const within = (before: string[], after: string[]) => after.length > 0 && after.every((each) => before.includes(each));
  const parts = (ways: string[]) => ways.flatMap((way) => (way === 'BLENDED' ? ['IN_SCHOOL', 'ONLINE'] : [way]));
  return subject(used) === subject(now) && within(used.categories, now.categories) && within(used.phases, now.phases) && meet(parts(used.delivery), parts(now.delivery));
}

/** The rows of one moment, and what follows from them by itself. */
export class Scene {
  private readonly lately: Rows['roles'];
  private readonly bodies = new Map<number, string[]>();

  constructor(
    readonly rows: Rows,
    now: Date,
  ) {
    const threeYearsAgo = new Date(now);
    threeYearsAgo.setUTCFullYear(threeYearsAgo.getUTCFullYear() - YEARS);
    this.lately = rows.roles.filter(({ ended }) => ended === null || ended > threeYearsAgo);
  }

  school = (urn: number) => this.rows.schools.find((one) => one.urn === urn)!;
  provider = (id: string) => this.rows.providers.find((one) => one.id === id)!;

  /** The listings that it names. */
  listingsOf({ id }: Given): Listing[] {
    const ids = this.rows.named.filter(({ recommendation }) => recommendation === id).map(({ listing }) => listing);
    return this.rows.listings.filter((listing) => ids.includes(listing.id));
  }

  /** Case, and what follows a plus, make no other mailbox. */
  who = (email: string): string => {
    const [name, host] = email.toLowerCase().split('@') as [string, string];
    return `${name.split('+')[0]}@${host}`;
  };

  private kin(urn: number): number[] {
    const walk = (next: (at: number) => number[]) => {
      const found = new Set([urn]);
      for (const at of found) for (const other of next(at)) found.add(other);
      return [...found];
    };
    const { links } = this.rows;
    return [...walk((at) => links.filter(({ became }) => became === at).map((link) => link.urn)), ...walk((at) => links.filter((link) => link.urn === at).map(({ became }) => became))];
  }

  isOneSchool = (a: number, b: number) => this.kin(a).includes(b);

  /** A school, what it was and became, and the trusts and federations of all of these. */
  bodiesOf = (urn: number): string[] => {
    const known = this.bodies.get(urn);
    if (known) return known;
    const all = this.kin(urn).flatMap((each) => {
      const { trust, federation } = this.school(each);
      return [`school:${each}`, ...(trust ? [`trust:${trust}`] : []), ...(federation ? [`federation:${federation}`] : [])];
    });
    this.bodies.set(urn, all);
    return all;
  };

  /** What somebody leads, or led within three years. */
  ledBy = (person: string): string[] =>
    this.lately
      .filter(({ email }) => this.who(email) === person)
      .flatMap(({ role, school, trust }) => (role === 'SCHOOL_LEAD' ? this.bodiesOf(school!) : role === 'TRUST_LEAD' ? [`trust:${trust}`] : []));

  /** Who is of a provider, was within three years, or is named as a contact. */
  peopleOf(provider: Provider): string[] {
    const contacts = [provider.contact, ...this.rows.listings.filter((each) => each.provider === provider.id && each.state !== 'REMOVED').map(({ contact }) => contact)];
    return [...this.membersOf(provider), ...contacts.filter((each) => each !== null).map(this.who)];
  }

  private membersOf = ({ id }: Provider): string[] => this.lately.filter(({ provider }) => provider === id).map(({ email }) => this.who(email));

  /** Who leads a school, what it was or became, or led one of these within three years. */
  leadsOf(urn: number): string[] {
    const kin = this.kin(urn);
    return this.lately.filter(({ role, school }) => role === 'SCHOOL_LEAD' && kin.includes(school!)).map(({ email }) => this.who(email));
  }

  /** What a provider is, and what its people lead. */
  near = (provider: Provider, people = this.peopleOf(provider)): string[] => [...(provider.school === null ? [] : this.bodiesOf(provider.school)), ...people.flatMap(this.ledBy)];
  /** The same without whom it only names: that binds the provider that names them, and nobody else's recommendations. */
  nearMembers = (provider: Provider): string[] => this.near(provider, this.membersOf(provider));

  /** Whether all that makes somebody a lead of the school is the word of the provider's own people. */
  isLeadByGraceOf({ school, email }: Given, people: string[]): boolean {
    const mailboxOf = (person: string) => this.who(this.rows.roles.find((each) => each.person === person)?.email ?? '@');
    const leads = this.lately.filter((each) => each.role === 'SCHOOL_LEAD' && each.school === school && this.who(each.email) === this.who(email));
    return leads.length > 0 && leads.every(({ person, confirmedBy }) => confirmedBy !== person && people.includes(mailboxOf(confirmedBy!)));
  }

  /** Whether somebody who decides about a recommendation has an interest in its provider or its school. */
  isInterested(person: string, { provider: id, school }: Given): boolean {
    const provider = this.provider(id);
    const email = this.rows.roles.find((each) => each.person === person)!.email;
    const led = this.ledBy(this.who(email));
    const gave = this.rows.given.some((each) => each.provider === id && each.state !== 'LAPSED' && this.who(each.email) === this.who(email));
    return gave || this.peopleOf(provider).includes(this.who(email)) || meet(led, this.bodiesOf(school)) || (provider.school !== null && meet(led, this.bodiesOf(provider.school)));
  }

  /** The providers that a school is, or to which its leads belong. */
  providersOf(urn: number): string[] {
    const kin = this.kin(urn);
    const leads = this.lately.filter(({ role, school }) => role === 'SCHOOL_LEAD' && kin.includes(school!)).map(({ person }) => person);
    const theirs = this.lately.filter(({ person, provider }) => provider !== null && leads.includes(person)).map(({ provider }) => provider!);
    return this.rows.providers.filter(({ id, school, state }) => state !== 'WITHDRAWN' && ((school !== null && kin.includes(school)) || theirs.includes(id))).map(({ id }) => id);
  }
}
