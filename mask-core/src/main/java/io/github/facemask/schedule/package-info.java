/** How the learning rate changes; start with {@link io.github.facemask.schedule.Schedule}. */
package io.github.facemask.schedule;
