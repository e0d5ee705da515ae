/**
 * The name of an image, with or without the registry: only the registry, and the tag,
 * may have capital letters.
 */
export const IMAGE_NAME =
  /^([\w.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]*)?(@sha256:[0-9a-f]{64})?$/;
