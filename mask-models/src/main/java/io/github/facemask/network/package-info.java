/**
 * What a network is: an immutable tree of named layers whose tensors bear timm's names. Start with
 * {@link io.github.facemask.network.Network}, then {@link io.github.facemask.network.Layer}.
 */
package io.github.facemask.network;
