/** Pages of the site to which notices lead. Where a thing has no page of its own, to the notice itself among the others. */
export const links = {
  notices: '/notices',
  account: '/account',
  provider: (id: string) => `/providers/${id}`,
  wayToBeingListed: (id: string) => `/providers/${id}/way-to-being-listed`,
  checks: (id: string) => `/providers/${id}/checks`,
  notItsContact: (id: string) => `/providers/${id}/actions/denyContact`,
  importRun: (id: string) => `/service/imports/${id}`,
  recommendation: (id: string) => `/recommendations/${id}`,
};
