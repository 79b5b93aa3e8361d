/**
 * A strict reader of Python pickles that builds plain values and executes no code; start with
 * {@link io.github.facemask.internal.pickle.Unpickler}. Not part of the public API.
 */
package io.github.facemask.internal.pickle;
