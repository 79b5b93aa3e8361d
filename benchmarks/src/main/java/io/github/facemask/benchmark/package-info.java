/** JMH benchmarks, one class a question; never published. */
package io.github.facemask.benchmark;
