/**
 * Network descriptions: an immutable tree of named layers whose tensors have timm's names. Start
 * with {@link io.github.facemask.network.Network}, then {@link io.github.facemask.network.Layer}.
 */
package io.github.facemask.network;
