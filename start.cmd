@echo off
rem `make run` for Windows: makes .venv, installs the program, serves on http://127.0.0.1:8000
cd /d "%~dp0"
if not exist .venv\Scripts\python.exe py -3 -m venv .venv || python -m venv .venv || exit /b 1
if not exist .venv\.run (
  .venv\Scripts\python -m pip install --quiet -e . || exit /b 1
  type nul > .venv\.run
)
.venv\Scripts\collector serve --data data
