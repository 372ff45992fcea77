import { resultType } from '../platform/problem.js';
import { TooManyAttempts } from '../platform/rate-limit.js';
import { HasInterest } from './interests/index.js';
import { recommendationProblems } from './recommendation.process.js';
import { TooManyInvitations } from './recommendation.service.js';
import { Recommendation } from './recommendation.type.js';

export const RecommendationResult = resultType('RecommendationResult', () => Recommendation, [...recommendationProblems, HasInterest, TooManyInvitations, TooManyAttempts]);
