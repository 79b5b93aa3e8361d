/** The input that a network expects; see {@link io.github.facemask.preprocessing.Preprocessing}. */
package io.github.facemask.preprocessing;
