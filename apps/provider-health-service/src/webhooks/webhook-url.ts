import { OutboundFailure, outboundTarget } from '@gatehouse/outbound-guard';

/** What is wrong with the URL of a receiver, as problems of a validation. A name is judged when it is connected to. */
export function webhookUrlProblems(
  url: string,
  policy: { allowPrivate: boolean },
): { path: string; message: string }[] {
  const problem = (message: string) => [{ path: 'url', message }];
  if (!policy.allowPrivate && new URL(url).protocol !== 'https:') return problem('must be an https URL');
  try {
    outboundTarget(url, policy);
    return [];
  } catch (error) {
    if (error instanceof OutboundFailure) return problem('must not be an address of an own network');
    throw error;
  }
}
