/**
 * What a network expects of its photos; see {@link io.github.facemask.preprocessing.Preprocessing}.
 */
package io.github.facemask.preprocessing;
