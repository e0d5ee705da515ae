/** The plugin for Kubernetes, and the two that containerd 2.0 made of it. */
export const CRI = "io.containerd.grpc.v1.cri";
export const CRI_IMAGES = "io.containerd.cri.v1.images";
export const CRI_RUNTIME = "io.containerd.cri.v1.runtime";
