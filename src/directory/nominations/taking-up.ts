import { z } from 'zod';
import { actorOfPerson } from '../../identity/index.js';
import { type Actor, system } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { once } from '../../platform/idempotency.js';
import { type Problem, type ProblemClass, NotAllowedInThisState, refuse, Refused, whatIsMissing } from '../../platform/problem.js';
import { move } from '../../platform/process/index.js';
import { validate } from '../../platform/validate.js';
import { alikeKeys, nameKey } from '../alike.js';
import { firstProblem, HasInterest, MemberOfProvider, type Obstacle, SamePersonTwice } from '../interests/index.js';
import type { Providers } from '../provider.service.js';
import { recommendationProblems } from '../recommendation.process.js';
import { namedListings, type Nominated, type Recommendations } from '../recommendation.service.js';
import type { Substance } from '../vouched/substance.js';
import { NominationOutdated, nominationProcess } from './nomination.process.js';
import { lockVisible } from './nomination.service.js';

interface Row extends Substance {
  name: string;
  schoolUrn: number;
  schoolName: string;
  nominatedBy: string;
  nominatedAt: Date;
  bodies: string[];
  whatWasDone: string;
  whenDone: string;
  whatChanged: string;
  /** Against its becoming a recommendation of the provider, now or when it was made. */
  obstacles: Obstacle[];
  /** The school has recommended the provider, or said no to it, since. */
  answeredSince: boolean;
}

/** Why a school cannot recommend a provider: what both sides are told. */
const TOLD: readonly unknown[] = [...recommendationProblems, HasInterest, NominationOutdated];

/** Makes a nomination a recommendation, on the word of who made it and by the rules of giving one. */
export class TakingUp {
  constructor(
    private readonly db: Database,
    private readonly providers: Providers,
    private readonly recommendations: Recommendations,
  ) {}

  /**
   * @param listingIds published listings of the provider that are what was nominated; for one that is another in substance
   *   the school has to say first that it is what it used
   * @throws Refused; where the rules of giving stand in the way the school is told, too
   */
  async takeUp(actor: Actor, id: string, providerId: string, listingIds: string[], key?: string | null): Promise<void> {
    try {
      await this.db.transaction(async (tx) => {
        await once(tx, actor, key, { takeUp: id, providerId, listingIds }, async () => {
          await this.takeUpIn(tx, actor, id, providerId, listingIds);
          return { type: 'Nomination', id };
        });
      });
    } catch (error) {
      if (error instanceof Refused && TOLD.includes(error.problem.constructor)) await this.tellOf(id, error.problem);
      throw error;
    }
  }

  private async takeUpIn(tx: UnitOfWork, actor: Actor, id: string, providerId: string, typed: string[]): Promise<void> {
    const { listingIds } = validate(z.object({ listingIds: namedListings }), { listingIds: typed });
    await lockVisible(tx, actor, id);
    const { name: providerName, state } = await this.providers.lockVisible(tx, actor, providerId);
    const row = (await readRow(tx, id, providerId)) ?? refuse(whatIsMissing('nomination'));
    // The history names the provider for which it is done; whoever administers others does not act for them.
    const acting = { ...actor, memberships: actor.memberships.filter((each) => each.providerId === null || each.providerId === providerId) };
    const otherName = !alikeKeys(nameKey(row.name), nameKey(providerName));
    await move(tx, nominationProcess, id, 'takeUp', { actor: acting, set: { provider_id: providerId, other_name: otherName } });
    if (state === 'DRAFT') refuse(new NotAllowedInThisState('Finish your profile first: a school recommends what others can see.'));
    if (state === 'SUSPENDED' || state === 'WITHDRAWN') refuse(new NotAllowedInThisState('Nothing can be taken up while the provider is suspended or withdrawn.'));
    if (row.answeredSince) {
      refuse(new NominationOutdated(`${row.schoolName} has answered about ${providerName} since it nominated ${row.name}, so that holds. It can recommend ${providerName} anew.`));
    }
    checkThen(row, ['SCHOOL', 'PERSON'], providerName);
    const { schoolUrn, whatWasDone, whenDone, whatChanged } = row;
    const nominated: Nominated = { ...row, at: row.nominatedAt };
    const nominator = await actorOfPerson(tx, row.nominatedBy);
    const named = async (recommendationId: string) => void (await tx.query('UPDATE nomination SET recommendation_id = $2 WHERE id = $1', [id, recommendationId]));
    try {
      await this.recommendations.giveNominated(tx, nominator, { providerId, schoolUrn, listingIds, whatWasDone, whenDone, whatChanged, noInterest: true }, nominated, named);
    } catch (error) {
      if (error instanceof Refused) refuse(saidOfNominator(error.problem, row, providerName));
      throw error;
    }
    checkThen(row, ['OTHER_PERSON', 'OTHER_SCHOOL'], providerName);
  }

  /** Both sides learn, once of each reason, why it could not be taken up; what was tried is undone, this is not. */
  private async tellOf(id: string, { message }: Problem): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(nominationProcess.lock, [id]);
      const told = await tx.query(`SELECT FROM history WHERE object_id = $1 AND process = 'Nomination' AND transition = 'obstruct' AND reason = $2`, [id, message]);
      const [facts] = await nominationProcess.facts(tx, [id], system);
      if (told.length === 0 && facts?.state === 'OPEN') await move(tx, nominationProcess, id, 'obstruct', { actor: system, reason: message });
    });
  }
}

/** @throws Refused with what stands against it by what held when it was made, in the order in which giving tells it */
function checkThen({ obstacles, schoolName }: Row, about: Parameters<typeof firstProblem>[1], providerName: string): void {
  const found = firstProblem(obstacles, about, { schoolName, providerName });
  if (found) refuse(saidOfNominator(found, { schoolName }, providerName));
}

/** What whoever gives is told of themselves, in words to both sides: not what the tie is. */
function saidOfNominator(problem: Problem, { schoolName }: Pick<Row, 'schoolName'>, providerName: string): Problem {
  const said = (message: string) => new (problem.constructor as ProblemClass)(message);
  if (problem.constructor === SamePersonTwice) return said(`Whoever nominated ${providerName} for ${schoolName} has recommended it for another school. Each recommendation has to come from a different person.`);
  if (problem.constructor === MemberOfProvider || problem.constructor === HasInterest) {
    return said(`${schoolName}, or whoever nominated for it, is not independent of ${providerName}, or was not when it was nominated, so this cannot become a recommendation.`);
  }
  return problem;
}

async function readRow(tx: UnitOfWork, id: string, providerId: string): Promise<Row | undefined> {
  const [row] = await tx.query<Row>(
    `SELECT n.name, n.school_urn AS "schoolUrn", s.name AS "schoolName", n.nominated_by AS "nominatedBy", n.nominated_at AS "nominatedAt",
            ARRAY(SELECT unnest(n.bodies) UNION SELECT unnest(school_bodies(n.school_urn))) AS bodies, n.title, n.categories, n.phases, n.delivery,
            n.what_was_done AS "whatWasDone", n.when_done AS "whenDone", n.what_changed AS "whatChanged",
            CASE WHEN n.state = 'OPEN' THEN nominated_obstacles(n.id, $2) ELSE '{}' END AS obstacles,
            EXISTS (SELECT FROM recommendation r WHERE r.provider_id = $2 AND r.school_urn = ANY(schools_in(ARRAY['school:' || n.school_urn]))
              AND r.state IN ('DECLINED', 'WITHDRAWN', 'REJECTED', 'LAPSED') AND r.updated_at >= n.nominated_at) AS "answeredSince"
     FROM nomination n JOIN school s ON s.urn = n.school_urn WHERE n.id = $1`,
    [id, providerId],
  );
  return row;
}
