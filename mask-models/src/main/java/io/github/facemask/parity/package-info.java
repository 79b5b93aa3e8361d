/**
 * Compares a network with reference outputs of timm on weights that a formula gives; start with
 * {@link io.github.facemask.parity.GoldenCase}.
 */
package io.github.facemask.parity;
