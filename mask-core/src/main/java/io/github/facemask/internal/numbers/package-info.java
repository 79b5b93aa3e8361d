/** Checks that numbers are neither NaN nor infinite. */
package io.github.facemask.internal.numbers;
