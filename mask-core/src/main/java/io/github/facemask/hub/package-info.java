/**
 * Published files by name: pretrained weights and detector networks, from a folder, from the caches
 * that Python's libraries fill, or downloaded into them. Start with {@link
 * io.github.facemask.hub.Hub}.
 */
package io.github.facemask.hub;
