@echo off
rem Runs the Maven version that .mvn\wrapper\maven-wrapper.properties names; falls back to an installed mvn.
setlocal
set ROOT=%~dp0
for /f "tokens=1,* delims==" %%a in (%ROOT%.mvn\wrapper\maven-wrapper.properties) do set %%a=%%b
for %%f in (%distributionUrl%) do set NAME=%%~nf
set MVN_HOME=%USERPROFILE%\.m2\wrapper\facemask\%NAME:-bin=%
if not exist "%MVN_HOME%\bin\mvn.cmd" java "%ROOT%.mvn\wrapper\FetchMaven.java" %distributionUrl% %distributionSha256Sum% "%MVN_HOME%"
if exist "%MVN_HOME%\bin\mvn.cmd" (call "%MVN_HOME%\bin\mvn.cmd" %*) else (call mvn %*)
