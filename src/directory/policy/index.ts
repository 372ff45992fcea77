export { PolicyResolver } from './policy.resolver.js';
export { Policies } from './policy.service.js';
