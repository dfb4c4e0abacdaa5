const place = 'millrace-key';

/** The key of this tab, for servers that want one. It goes when the tab is closed. */
export const accessKey = {
  get: (): string | null => sessionStorage.getItem(place),
  set: (key: string): void => sessionStorage.setItem(place, key),
};

export const authorization = (): Record<string, string> => {
  const key = accessKey.get();
  return key ? { authorization: `Bearer ${key}` } : {};
};
