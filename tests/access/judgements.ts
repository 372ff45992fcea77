import type { Situation } from './situations.js';
import type { Stage } from './stage.js';

/** The provider was found to be like one that is suspended, which an officer has accepted or has not. */
export async function likeOneSuspended(stage: Stage, id: string, accepted: boolean): Promise<void> {
  const { id: earlier } = await stage.provider('SUSPENDED');
  await stage.server.app.db.query(
    `INSERT INTO suspended_before (provider_id, earlier_id, alike, found_at, accepted_at) VALUES ($1, $2, '{PEOPLE,ADDRESS}', $3, CASE WHEN $4 THEN $3::timestamptz END)`,
    [id, earlier, stage.server.clock.now(), accepted],
  );
}

/** A recommendation of a school of the lead's that was rejected before, and closes a circle of three school providers. */
export async function closingCircle(stage: Stage): Promise<Situation> {
  const { recommendations } = stage.server.app.directory;
  const { world } = stage;
  const urns = [await stage.school(), await world.school(), await world.school()] as const;
  const [mine, second, third] = await Promise.all(urns.map((schoolUrn) => world.checked({ schoolUrn })));
  const provider = await stage.join(third!);
  const [lead, officer] = [await stage.actor('lead'), await stage.actor('officer')];
  const by = { actor: officer, reason: 'It was looked into.' };
  const input = world.recommendation(provider, urns[0]);
  const earlier = await recommendations.give(lead, input);
  for (const step of ['flag', 'reject'] as const) await recommendations.act(earlier, step, by);
  await recommendations.give(await world.lead(urns[2]), world.recommendation(second!, urns[2]));
  await recommendations.give(await world.lead(urns[1]), world.recommendation(mine!, urns[1]));
  const id = await recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urns[0], message: 'You had us in the spring.' });
  await recommendations.give(lead, input);
  for (const step of ['flag', 'uphold'] as const) await recommendations.act(id, step, by);
  return { key: id, ways: [[`recommendation(id: "${id}")`], [`provider(id: "${provider.id}")`, 'recommendations(first: 100)', 'nodes'], ['mySchoolsRecommendations(first: 100)', 'nodes']] };
}
