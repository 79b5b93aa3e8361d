/** Learning rate schedules; start with {@link io.github.facemask.schedule.Schedule}. */
package io.github.facemask.schedule;
