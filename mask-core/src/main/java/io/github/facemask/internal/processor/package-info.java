/**
 * What this machine gives a process: the instruction sets of its processor, its cores, the limits
 * of containers, the load of others and the C library. Start with {@link
 * io.github.facemask.internal.processor.Processor} and {@link
 * io.github.facemask.internal.processor.Machine}. Not part of the public API.
 */
package io.github.facemask.internal.processor;
