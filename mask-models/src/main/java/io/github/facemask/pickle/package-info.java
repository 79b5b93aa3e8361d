/**
 * A strict reader of Python's pickles: it builds plain values and runs nothing. Start with {@link
 * io.github.facemask.pickle.Unpickler}.
 *
 * <p>Python's values become: {@code None} {@link io.github.facemask.pickle.PickleNone}; bool {@link
 * Boolean}; int {@link Long}, or {@link java.math.BigInteger} beyond 64 bits; float {@link Double};
 * str {@link String}; bytes and bytearray {@code byte[]}; list, tuple, set and frozenset {@link
 * io.github.facemask.pickle.PickleSequence}; dict and its kin {@link
 * io.github.facemask.pickle.PickleDict}; a class or function by its name {@link
 * io.github.facemask.pickle.PickleGlobal}; objects that are of no interest {@link
 * io.github.facemask.pickle.PickleObject}; all else is what {@link
 * io.github.facemask.pickle.PickleTypes} makes of it. Containers are equal to themselves only, so
 * that no graph, however deep or cyclic, is ever walked.
 */
package io.github.facemask.pickle;
