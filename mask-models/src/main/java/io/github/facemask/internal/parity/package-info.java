/**
 * Compares networks with references from timm; start with {@link
 * io.github.facemask.internal.parity.GoldenCase}. Not part of the public API.
 */
package io.github.facemask.internal.parity;
