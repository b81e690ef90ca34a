/** An address that a click may follow; scripts and other schemes lead nowhere. */
export function safeAddress(address: string): string {
  const trimmed = address.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed)?.[1]?.toLowerCase();
  return scheme === undefined || ['http', 'https', 'mailto'].includes(scheme) ? trimmed : 'about:blank';
}
