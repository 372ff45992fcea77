/** The steps of roles and of SIPs’ assignments that are kept in the history, and of which people are told. */
export const roleSteps = {
  Role: ['ask', 'accept', 'lapse', 'confirm', 'refuse', 'end', 'carry'],
  'SIP assignment': ['assign', 'end', 'carry'],
} as const;
