/** Photos classified on Apache Spark. */
package io.github.facemask.spark;
