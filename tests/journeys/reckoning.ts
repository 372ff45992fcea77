import type { Cast } from './cast.js';

/**
 * Who is told of each transition, written down a second time, by hand, in sides of the thing; with `?` where it depends
 * on what the thing was like at that moment. `people` are the school's people who see it; `other` whoever of school
 * and provider has not done it; '' nobody.
 */
export const TOLD: Record<string, string> = {
  'Visit.plan': 'leads',
  'Visit.change': 'leads',
  'Visit.addAgendaPoint': 'sip',
  'Visit.removeAgendaPoint': 'sip',
  'Visit.writeNote': 'leads',
  'Visit.cancel': 'leads',
  'Referral.send': 'leads',
  'Referral.accept': 'sip leads',
  'Referral.decline': 'sip',
  'Referral.expire': 'sip leads',
  'Referral.withdraw': 'leads',
  'Suggestion request.ask': 'sips',
  'Suggestion request.suggest': 'asker',
  'Suggestion request.close': '',
  'Suggestion request.expire': 'asker',
  'Request.start': '',
  'Request.submit': 'people',
  'Request.open': 'people partners? sip?',
  'Request.join': 'people partners?',
  'Request.share': 'sip',
  'Request.unshare': '',
  'Request.reveal': 'invited?',
  'Request.answer': 'invited?',
  'Request.extend': 'invited?',
  'Request.read': 'invited?',
  'Request.reopenRound': 'invited?',
  'Request.amend': 'invited?',
  'Request.choose': '',
  'Request.closeUnmet': 'people partners? sip?',
  'Request.withdraw': 'people? partners? sip?',
  'Request.expire': 'people? partners? sip?',
  'Invitation.send': 'provider',
  'Invitation.open': '',
  'Invitation.ask': 'people',
  'Invitation.respond': '',
  'Invitation.decline': 'people',
  'Invitation.expire': 'provider people',
  'Invitation.reopen': '',
  'Invitation.cancel': 'provider',
  'Proposal.submit': 'people',
  'Proposal.revise': 'people?',
  'Proposal.withdraw': 'people',
  'Proposal.choose': 'provider',
  'Proposal.notChosen': 'provider',
  'Engagement.agree': 'people partners? sip?',
  'Engagement.agreeForSignOff': 'sip people partners?',
  'Engagement.record': 'provider sip?',
  'Engagement.recordForSignOff': 'sip provider',
  'Engagement.recordUse': '',
  'Engagement.signOff': 'people provider',
  'Engagement.sendBack': 'people',
  'Engagement.confirm': 'people',
  'Engagement.disown': 'people sip?',
  'Engagement.start': 'other sip?',
  'Engagement.startOnDay': 'people provider sip?',
  'Engagement.fallDue': 'people? provider? sip?',
  'Engagement.setObjectives': 'provider',
  'Engagement.addAction': 'other sip?',
  'Engagement.completeAction': 'other',
  'Engagement.addEvidence': 'provider',
  'Engagement.giveEvidence': 'other',
  'Engagement.setReviewDates': 'provider sip?',
  'Engagement.addReview': 'other sip?',
  'Engagement.setVisitors': 'people',
  'Engagement.confirmSafeguarding': 'people',
  'Engagement.setPupilsConcerned': 'provider',
  'Engagement.shareWithSip': 'sip',
  'Engagement.stopSharing': '',
  'Engagement.proposeChange': 'other',
  'Engagement.acceptChange': 'other sip?',
  'Engagement.declineChange': 'other',
  'Engagement.withdrawChange': 'other',
  'Engagement.takeBackCompletion': 'provider people partners? sip?',
  'Engagement.complete': 'provider people partners? sip?',
  'Engagement.endEarly': 'other people partners? sip?',
  'Concern.raise': 'other',
  'Concern.answer': 'other',
  'Concern.answerLate': 'other officers',
  'Concern.passOn': 'officers provider people',
  'Concern.resolve': 'provider people officers?',
  'Rating.give': 'provider people sip?',
  'Rating.change': 'provider',
  'Rating.reply': 'people sip?',
  'Rating.mendReply': '',
  'Rating.askAgain': 'people',
  'Rating.followUp': 'provider sip?',
  'Rating.offerToBeAsked': '',
  'Rating.stopBeingAsked': '',
  'Rating.hideWords': 'people provider',
  'Rating.showWords': 'people provider',
  'Rating.settle': '',
  'Recommendation.invite': 'leads',
  'Recommendation.give': 'provider leads officers?',
  'Recommendation.decline': 'provider',
  'Recommendation.expire': 'provider',
  'Recommendation.confirmIndependence': 'provider leads',
  'Recommendation.flag': 'provider leads',
  'Recommendation.uphold': 'provider leads',
  'Recommendation.reject': 'provider leads',
  'Recommendation.renew': 'provider leads',
  'Recommendation.withdraw': 'provider leads',
  'Recommendation.change': 'leads',
  'Recommendation.affirm': 'provider leads',
  'Recommendation.lapse': 'provider leads',
  'Provider.register': '',
  'Provider.complete': 'officers',
  'Provider.publishCouncilService': 'provider',
  'Provider.publishNationalProgramme': 'provider',
  'Provider.list': 'provider officers',
  'Provider.lapse': 'provider officers?',
  'Provider.proposeChanges': 'officers',
  'Provider.confirmChanges': 'provider',
  'Provider.refuseChanges': 'provider',
  'Provider.rename': 'atWork?',
  'Provider.suspend': 'provider everyOfficer atWork?',
  'Provider.reinstate': 'provider everyOfficer atWork?',
  'Provider.reinstateAsLapsed': 'provider everyOfficer atWork?',
  'Provider.withdraw': 'provider officers atWork?',
  'Listing.create': '',
  'Listing.publish': '',
  'Listing.unpublish': '',
  'Listing.remove': '',
};

/** A step, and of its thing what says who stands where. */
export interface Step {
  seq: number;
  key: string;
  objectId: string;
  from: string | null;
  to: string;
  personId: string | null;
  byKind: string | null;
  told: string[];
  /** Who was told of something in the same unit of work: one thing is told once. */
  toldMeanwhile: string[];
  urn: number | null;
  providerId: string | null;
  /** Nothing of it is its provider's to know. */
  free: boolean;
  /** The people whom it names, where not all leads see it. */
  named: string[] | null;
  invited: string[];
  asker: string | null;
}

/** SQL of the steps since $1, each with who was told of it and of its thing what the reckoning needs. */
export const STEPS = `
  WITH thing AS (
    SELECT id, school_urn AS urn, NULL::uuid AS provider, NULL::uuid AS request, NULL::uuid AS engagement, NULL::uuid AS asker FROM visit
    UNION ALL SELECT id, school_urn, NULL, NULL, NULL, NULL FROM referral
    UNION ALL SELECT id, NULL, NULL, NULL, NULL, asked_by FROM suggestion_request
    UNION ALL SELECT id, school_urn, NULL, id, NULL, NULL FROM request
    UNION ALL SELECT i.id, r.school_urn, i.provider_id, r.id, NULL, NULL FROM invitation i JOIN request r ON r.id = i.request_id
    UNION ALL SELECT q.id, r.school_urn, q.provider_id, r.id, NULL, NULL FROM proposal q JOIN request r ON r.id = q.request_id
    UNION ALL SELECT id, school_urn, provider_id, NULL, id, NULL FROM engagement
    UNION ALL SELECT c.id, e.school_urn, e.provider_id, NULL, e.id, NULL FROM concern c JOIN engagement e ON e.id = c.engagement_id
    UNION ALL SELECT g.id, e.school_urn, e.provider_id, NULL, e.id, NULL FROM rating g JOIN engagement e ON e.id = g.engagement_id
    UNION ALL SELECT id, school_urn, provider_id, NULL, NULL, NULL FROM recommendation
    UNION ALL SELECT id, NULL, id, NULL, NULL, NULL FROM provider
    UNION ALL SELECT id, NULL, provider_id, NULL, NULL, NULL FROM listing)
  SELECT h.id AS seq, h.process || '.' || h.transition AS key, h.object_id AS "objectId", h.from_state AS "from", h.to_state AS "to", h.person_id AS "personId", h.on_behalf_kind AS "byKind",
         ARRAY(SELECT n.person_id FROM notice n WHERE n.history_id = h.id ORDER BY 1) AS told,
         ARRAY(SELECT n.person_id FROM history o JOIN notice n ON n.history_id = o.id WHERE o.xmin = h.xmin AND o.id BETWEEN h.id - 50 AND h.id + 50) AS "toldMeanwhile", t.urn, t.provider AS "providerId", t.asker,
         coalesce(e.origin = 'FREE_RESOURCE', false) AS free,
         CASE WHEN NOT coalesce(r.all_leads, e.all_leads, true) THEN ARRAY(
           SELECT person_id FROM request_person WHERE request_id = r.id UNION SELECT person_id FROM engagement_person WHERE engagement_id = e.id) END AS named,
         ARRAY(SELECT i.provider_id FROM invitation i WHERE i.request_id = r.id) AS invited
  FROM history h LEFT JOIN thing t ON t.id = h.object_id LEFT JOIN request r ON r.id = t.request LEFT JOIN engagement e ON e.id = t.engagement
  WHERE h.id > $1 ORDER BY h.id`;

/** What is wrong with whom a step told; null if nothing is. */
export function wronglyTold(cast: Cast, step: Step): string | null {
  const sides = TOLD[step.key];
  if (sides === undefined) return `${step.key}: nobody has reckoned whom it tells`;
  const ids = (actors: { personId: string | null }[]) => actors.map(({ personId }) => personId!);
  const leads = step.urn === null ? [] : ids(cast.leads.get(step.urn)!);
  const provider = step.providerId === null || step.free ? [] : ids([cast.admin(step.providerId)]);
  const people = step.named ?? leads;
  const impartial = ids(cast.officers).filter((id) => !provider.includes(id));
  const of: Record<string, () => string[]> = {
    leads: () => leads,
    people: () => people,
    provider: () => provider,
    sip: () => ids([cast.sip(step.urn!)]),
    sips: () => ids([...cast.sips.values()]).filter((id) => id !== step.asker),
    asker: () => [step.asker!],
    partners: () => ids([...cast.leads.values()].flat()),
    atWork: () => ids([...cast.leads.values()].flat()),
    invited: () => ids(step.invited.map((id) => cast.admin(id))),
    other: () => [...(step.byKind === 'PROVIDER' ? [] : provider), ...(step.byKind === 'SCHOOL' ? [] : people)],
    officers: () => impartial,
    everyOfficer: () => ids(cast.officers),
  };
  const must = new Set<string>();
  const may = new Set<string>();
  for (const side of sides.split(' ').filter(Boolean)) for (const id of of[side.replace('?', '')]!()) (side.endsWith('?') ? may : must).add(id);
  if (step.personId) [must, may].forEach((each) => each.delete(step.personId!));
  const lost = [...must].filter((id) => !step.told.includes(id) && !step.toldMeanwhile.includes(id));
  const strangers = step.told.filter((id) => !must.has(id) && !may.has(id));
  const doubled = step.told.length - new Set(step.told).size;
  if (lost.length) process.stderr.write(JSON.stringify({ step, lost }) + '\n');
  return lost.length + strangers.length + doubled === 0 ? null : `${step.key} by ${step.byKind}: ${lost.length} not told, ${strangers.length} told who should not be, ${doubled} told twice`;
}
