/**
 * What to say of problems by their code, where the server's own sentence is not what a person at a
 * screen needs. Others are shown in the server's words.
 */
export const problems = {
  offline: 'The server cannot be reached. What you typed is kept; check your connection and try again.',
  unreadable_answer: 'The server gave an answer that cannot be read. What you typed is kept; try again.',
  internal: 'The server failed at this. Nothing was changed and what you typed is kept; try again, or tell your administrator the request number.',
  overloaded: 'The server is very busy. What you typed is kept; try again in a moment.',
  timeout: 'The server took too long. What you typed is kept; try again.',
  not_permitted: 'Your role does not allow this.',
  not_found: 'This does not exist, or is not yours to see.',
  viewing_as: 'Nothing can be changed while you see as a role sees.',
  reauthentication_required: 'Nothing was changed, since you did not show once more who you are.',
  version_conflict: 'Somebody changed this meanwhile.',
  not_loaded: 'This part could not be loaded. What you typed is kept. Try again; if Hindsight was updated meanwhile, reload the page.',
  unexpected: 'This part of the page failed. The rest still works; reload the page to get it back.',
} as const;
