@echo off
rem Builds Release where a source is newer than the last build, then runs the program.
where dotnet >nul 2>nul || (echo error: the .NET 10 SDK is missing ^(dotnet is not on PATH^); install it, then run this again. 1>&2 & exit /b 1)
if not exist "%~dp0Cli\bin\Release\start\emotionxai.exe" echo building the program; the first time takes a minute, and longer where packages are fetched 1>&2
dotnet publish "%~dp0Cli" -c Release --nologo -v quiet -o "%~dp0Cli\bin\Release\start" -p:Precompile=true 1>nul 2>nul || dotnet publish "%~dp0Cli" -c Release --nologo -v quiet -o "%~dp0Cli\bin\Release\start" 1>&2 || (echo error: the build failed; its messages are above. 1>&2 & exit /b 1)
"%~dp0Cli\bin\Release\start\emotionxai.exe" %*
