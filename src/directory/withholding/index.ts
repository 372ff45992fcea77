export { withholdingsFollow } from './following.js';
export { withholdingProcess } from './withholding.process.js';
export { listingsWithheld, listingsWithheldFromSchool } from './withholding.read.js';
export { ListingWithheldResolver, WithholdingResolver } from './withholding.resolver.js';
export { listingWithheld, Withholdings } from './withholding.service.js';
